//! The library's rules.

use std::hint::black_box;

use chrono::{DateTime, Utc};
use outbound::command::{Close, ConsentChange, OnConflict, SetConsent, StartOutbound, WrapUp};
use outbound::engine::{Context, Loaded, Next, Question, Run, Stop, Terms, View};
use outbound::memory::MemoryStore;
use outbound::model::{Address, By, Channel, CommandId, CustomerId, Key};
use outbound::port::Store;

use super::Case;
use crate::centre::{Centre, Outcome, address, beginning, command_id};

/// What is loaded for a start, and what it is asked under.
pub(crate) struct Library {
    terms: Terms,
    start: StartOutbound,
    view: View,
    now: DateTime<Utc>,
    command: CommandId,
}

/// Makes the records of the case, and loads what its start asks for.
pub(crate) fn loaded(case: Case) -> Outcome<Library> {
    let allowed = case == Case::Allowed;
    let centre = Centre::over(MemoryStore::new(), 1_000, |terms| terms)?;
    let (terms, desk) = (centre.desk.terms(), &centre.desk);
    // Two slots are held, and the customer wrote and was answered desk.
    for (number, (id, mut start)) in (0..).zip(centre.prepare(1..4)?) {
        start.agent = centre.agent(0)?;
        start.to = address(number)?.into();
        let started = desk.run(id, &start)?;
        if number == 0 {
            let (agent, conversation) = (start.agent, started.conversation);
            desk.run(command_id(3, 0), &Close { by: By::Agent(agent.clone()), conversation })?;
            desk.run(command_id(4, 0), &WrapUp { agent, conversation, reason: "none".parse()? })?;
        }
    }
    let customer = desk.ask(&Known(address(0)?))?;
    if !allowed {
        let to = address(0)?;
        let opt_out = SetConsent {
            by: By::Host,
            channel: Channel::Sms,
            address: to.into(),
            change: ConsentChange::OptOut,
            entry_point: None,
            customer: None,
            reason: None,
        };
        desk.run(command_id(5, 0), &opt_out)?;
    }
    let start = StartOutbound {
        agent: if allowed { centre.agent(0)? } else { "standard".parse()? },
        channel: Channel::Sms,
        entry_point: if allowed { "sms" } else { "off" }.parse()?,
        to: address(0)?.into(),
        customer,
        on_conflict: OnConflict::Refuse,
    };
    let mut run = Run::new(&terms, beginning(), command_id(6, 0), &start);
    let mut all = Loaded::default();
    while let Next::Load(reads) = run.step() {
        all = desk.store().load(&reads)?;
        run.supply(all.clone());
    }
    Ok(Library { view: View::of(all), now: beginning(), command: command_id(6, 0), terms, start })
}

impl Library {
    /// How many reasons are against it.
    pub(crate) fn reasons(&self) -> usize {
        let cx = Context::new(&self.terms, self.now, self.command);
        match black_box(&self.start).allowed(&cx, &self.view) {
            Err(Stop::Refused(refusals)) => black_box(refusals).iter().count(),
            Err(_) => usize::MAX,
            Ok(()) => 0,
        }
    }
}

/// The customer of an address.
struct Known(Address);

impl Question for Known {
    type Answer = Option<CustomerId>;

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::contact(&self.0)]
    }

    fn answer(&self, _cx: &Context<'_>, view: &View) -> Result<Self::Answer, Stop> {
        Ok(view.contact(&self.0)?.map(|contact| contact.customer().clone()))
    }
}

//! The library's rules.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use outbound::command::{Close, ConsentChange, OnConflict, SetConsent, StartOutbound, WrapUp};
use outbound::desk::Desk;
use outbound::engine::{Context, Loaded, Next, Question, Run, Stop, Terms, View};
use outbound::memory::MemoryStore;
use outbound::model::{Address, Channel, Closer, CustomerId, Key, ShapeOnly};
use outbound::policy::{Ask, HostReason, HostRule};
use outbound::port::{ManualClock, Store};
use outbound::refusal::{HostCode, Retry};

use super::Case;
use crate::allocations::so_far;
use crate::centre::{Centre, Outcome, address, beginning, command_id};

/// The host's own rule, asked last: it always refuses, and notes how often anything was allocated before it was asked.
#[derive(Debug)]
pub(super) struct Counting(HostCode);

static SEEN: AtomicUsize = AtomicUsize::new(0);

impl Counting {
    pub(super) fn seen() -> usize {
        SEEN.load(Ordering::Relaxed)
    }
}

impl HostRule for Counting {
    fn code(&self) -> HostCode {
        self.0.clone()
    }

    fn check(&self, _ask: &Ask<'_>, _now: DateTime<Utc>) -> Option<HostReason> {
        SEEN.store(so_far(), Ordering::Relaxed);
        Some(HostReason { says: String::new(), remedy: String::new(), retry: Retry::Never })
    }
}

/// What is loaded for a start, and what it is decided under.
pub(crate) struct Stage {
    terms: Terms,
    start: StartOutbound,
    rounds: Vec<Loaded>,
}

/// A start whose rules run again with every step.
pub(crate) struct Ready<'a>(Run<'a, StartOutbound>);

/// Makes the records of the case, and loads what its start asks for.
pub(crate) fn loaded(case: Case) -> Outcome<Stage> {
    let allowed = case == Case::Allowed;
    let code = HostCode::parse("house.last")?;
    let centre = Centre::over(MemoryStore::new(), 1_000, |terms| terms.with_rule(Counting(code)))?;
    let (terms, desk) = (centre.desk.terms(), &centre.desk);
    let without_rule = Terms::new(terms.directory().clone(), ShapeOnly);
    let before = Desk::new(desk.store(), without_rule, ManualClock::at(beginning()));
    // Two slots are held, and the customer wrote and was answered before.
    for (number, (id, mut start)) in (0..).zip(centre.prepare(1..4)?) {
        start.agent = centre.agent(0)?;
        start.to = address(number)?.into();
        let started = before.run(id, &start)?;
        if number == 0 {
            let (agent, conversation) = (start.agent, started.conversation);
            before.run(command_id(3, 0), &Close { by: Closer::Agent(agent.clone()), conversation })?;
            before.run(command_id(4, 0), &WrapUp { agent, conversation, reason: "none".parse()? })?;
        }
    }
    let customer = before.ask(&Known(address(0)?))?;
    if !allowed {
        let to = address(0)?;
        let opt_out = SetConsent {
            by: Closer::Host,
            channel: Channel::Sms,
            address: to.into(),
            change: ConsentChange::OptOut,
            entry_point: None,
            customer: None,
            reason: None,
        };
        before.run(command_id(5, 0), &opt_out)?;
    }
    let start = StartOutbound {
        agent: if allowed { centre.agent(0)? } else { "standard".parse()? },
        channel: Channel::Sms,
        entry_point: if allowed { "sms" } else { "off" }.parse()?,
        to: address(0)?.into(),
        customer,
        on_conflict: OnConflict::Refuse,
    };
    let mut rounds = Vec::new();
    let mut run = Run::new(&terms, beginning(), command_id(6, 0), &start);
    while let Next::Load(reads) = run.step() {
        let loaded = desk.store().load(&reads)?;
        rounds.push(loaded.clone());
        run.supply(loaded);
    }
    Ok(Stage { terms, start, rounds })
}

impl Stage {
    pub(crate) fn run(&self) -> Ready<'_> {
        let mut run = Run::new(&self.terms, beginning(), command_id(6, 0), &self.start);
        for loaded in &self.rounds {
            let _asked = run.step();
            run.supply(loaded.clone());
        }
        Ready(run)
    }
}

impl Ready<'_> {
    pub(crate) fn reasons(&mut self) -> usize {
        match black_box(&mut self.0).step() {
            Next::Refused(refusals) => black_box(refusals).iter().count(),
            _ => 0,
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

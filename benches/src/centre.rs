//! The library at the same work as the floor.

use std::convert::Infallible;
use std::error::Error;
use std::ops::Range;

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{OnConflict, SignIn, StartOutbound};
use outbound::desk::Desk;
use outbound::directory::{Directory, Licence, Setup};
use outbound::engine::Terms;
use outbound::memory::MemoryStore;
use outbound::model::{Address, AgentId, Channel, ChosenState, CommandId, E164, EntryPointId, ShapeOnly};
use outbound::port::{ManualClock, Store};

/// What was asked for, or in words why not.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// A desk with one organization, and its agents.
#[derive(Debug)]
pub(crate) struct Centre<S = MemoryStore> {
    pub(crate) desk: Desk<S, ManualClock>,
    pub(crate) agents: Vec<AgentId>,
}

/// Commands that are made before they are measured.
pub(crate) type Prepared = Vec<(CommandId, StartOutbound)>;

const ORGANIZATION: &str = r#"{
    "version": 1,
    "organization": {
        "id": "bench", "name": "Bench", "digital_channels": true, "pci": false, "fallback_queue": "all",
        "declined_idle_reason": "declined", "timings": { "wrap_up": { "default_reason": "none" } }
    },
    "sites": [{ "id": "site", "name": "Site", "profile": "profile" }],
    "teams": [{ "id": "team", "name": "Team", "site": "site" }],
    "profiles": [{
        "id": "profile", "name": "Profile", "blending": "blended",
        "limits": { "social": { "slots": 5 }, "email": { "slots": 5 } }
    }],
    "agents": [
        { "id": "standard", "name": "Standard", "licence": "standard", "digital_access": false, "teams": ["team"] }
    ],
    "entry_points": [
        { "id": "sms", "name": "SMS", "channel": "sms", "sender": "+351910000001", "queue": "all" },
        { "id": "off", "name": "Off", "channel": "sms", "sender": "+351910000002", "queue": "all", "enabled": false },
        { "id": "mail", "name": "Mail", "channel": "email", "sender": "care@bench.example", "queue": "all" }
    ],
    "queues": [{ "id": "all", "name": "All", "channels": ["sms", "email"], "teams": ["team"] }],
    "wrap_up_reasons": [{ "id": "none", "name": "None" }],
    "idle_reasons": [{ "id": "declined", "name": "Declined" }]
}"#;

/// Four conversations an agent, of five slots.
pub(crate) const fn agents_for(conversations: u32) -> u32 {
    conversations / 4 + 1
}

/// When everything begins.
pub(crate) fn beginning() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_772_442_000)
}

/// A command's id.
pub(crate) fn command_id(kind: u8, number: u32) -> CommandId {
    let [a, b, c, d] = number.to_be_bytes();
    CommandId::new(beginning(), [kind, 0, 0, 0, 0, 0, a, b, c, d])
}

/// A customer's number.
pub(crate) fn address(number: u32) -> Outcome<Address> {
    Ok(Address::Sms(E164::parse(&format!("+{}", crate::by_hand::centre::address(number)))?))
}

/// The organization that is measured with, so many agents, and their ids.
pub(crate) fn organization(agents: u32) -> Outcome<(Setup, Vec<AgentId>)> {
    let mut setup: Setup = serde_json::from_str(ORGANIZATION)?;
    let model = setup.agents.first().cloned().ok_or("the model agent")?;
    let ids = (0..agents).map(|number| AgentId::parse(&format!("agent-{number}"))).collect::<Result<Vec<_>, _>>()?;
    setup.agents.extend(ids.iter().map(|id| {
        let mut agent = model.clone();
        (agent.id, agent.licence, agent.digital_access) = (id.clone(), Licence::Premium, true);
        agent
    }));
    Ok((setup, ids))
}

impl Centre {
    /// A desk with so many agents, all signed in.
    pub(crate) fn with_agents(agents: u32) -> Outcome<Self> {
        Self::over(MemoryStore::new(), agents, |terms| terms)
    }
}

impl<S: Store<Error = Infallible>> Centre<S> {
    /// A desk over a store, with so many agents, all signed in.
    pub(crate) fn over(store: S, agents: u32, terms: impl FnOnce(Terms) -> Terms) -> Outcome<Self> {
        let (setup, agents) = organization(agents)?;
        Self::of(store, setup, agents, terms)
    }

    /// A desk over a store, with the agents of a set-up, all signed in.
    pub(crate) fn of(
        store: S,
        setup: Setup,
        agents: Vec<AgentId>,
        terms: impl FnOnce(Terms) -> Terms,
    ) -> Outcome<Self> {
        let terms = terms(Terms::new(Directory::new(setup)?, ShapeOnly));
        let centre = Self { desk: Desk::new(store, terms, ManualClock::at(beginning())), agents };
        for (number, agent) in (0..).zip(&centre.agents) {
            let sign_in = SignIn { agent: agent.clone(), team: "team".parse()?, state: ChosenState::Available };
            centre.desk.run(command_id(2, number), &sign_in)?;
        }
        Ok(centre)
    }

    /// The agent with a number.
    pub(crate) fn agent(&self, number: u32) -> Outcome<AgentId> {
        let agents = u32::try_from(self.agents.len())?;
        Ok(self.agents.get(usize::try_from(number % agents.max(1))?).cloned().ok_or("an agent")?)
    }

    /// The starts of a range of conversations, ready to run.
    pub(crate) fn prepare(&self, range: Range<u32>) -> Outcome<Prepared> {
        let entry_point: EntryPointId = "sms".parse()?;
        let start = |number| -> Outcome<_> {
            let start = StartOutbound {
                agent: self.agent(number)?,
                channel: Channel::Sms,
                entry_point: entry_point.clone(),
                to: address(number)?.into(),
                customer: None,
                on_conflict: OnConflict::Refuse,
            };
            Ok((command_id(1, number), start))
        };
        range.map(start).collect()
    }

    /// Runs what was prepared; answers how many were not done.
    pub(crate) fn start(&self, prepared: &Prepared) -> usize {
        prepared.iter().filter(|(id, start)| self.desk.run(*id, start).is_err()).count()
    }
}

/// Nothing may go wrong unseen.
pub(crate) fn none(what: &str, how_many: usize) -> Outcome {
    if how_many == 0 { Ok(()) } else { Err(format!("{how_many} {what}").into()) }
}

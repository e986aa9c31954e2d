//! The library at the same work as the floor.

use std::error::Error;
use std::ops::Range;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use outbound::command::{OnConflict, SignIn, StartOutbound};
use outbound::desk::Desk;
use outbound::directory::{Directory, Setup};
use outbound::engine::Terms;
use outbound::memory::MemoryStore;
use outbound::model::{Address, AgentId, Channel, ChosenState, CommandId, E164, ShapeOnly};
use outbound::port::{Failure, ManualClock};

/// A desk with one organization, and its agents.
pub(crate) struct Subject {
    desk: Desk<MemoryStore, ManualClock>,
    agents: Vec<AgentId>,
    now: DateTime<Utc>,
}

/// Commands that are made before they are measured.
pub(crate) type Prepared = Vec<(CommandId, StartOutbound)>;

/// How long a piece of work takes.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
pub(crate) fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

const ORGANIZATION: &str = r#"{
    "version": 1,
    "organization": {
        "id": "bench", "name": "Bench", "digital_channels": true, "pci": false, "fallback_queue": "all",
        "declined_idle_reason": "declined", "timings": { "wrap_up": { "default_reason": "none" } }
    },
    "sites": [{ "id": "site", "name": "Site", "profile": "profile" }],
    "teams": [{ "id": "team", "name": "Team", "site": "site" }],
    "profiles": [{ "id": "profile", "name": "Profile", "blending": "blended", "limits": { "social": { "slots": 5 } } }],
    "agents": [
        { "id": "standard", "name": "Standard", "licence": "standard", "digital_access": true, "teams": ["team"] }
    ],
    "entry_points": [
        { "id": "sms", "name": "SMS", "channel": "sms", "sender": "+351910000001", "queue": "all" },
        { "id": "off", "name": "Off", "channel": "sms", "sender": "+351910000002", "queue": "all", "enabled": false }
    ],
    "queues": [{ "id": "all", "name": "All", "channels": ["sms", "email"], "teams": ["team"] }],
    "wrap_up_reasons": [{ "id": "none", "name": "None" }],
    "idle_reasons": [{ "id": "declined", "name": "Declined" }]
}"#;

impl Subject {
    /// A desk with so many agents, all signed in.
    pub(crate) fn with_agents(agents: u32) -> Result<Self, Box<dyn Error>> {
        let mut setup: Setup = serde_json::from_str(ORGANIZATION)?;
        let model = setup.agents.first().cloned().ok_or("the model agent")?;
        let ids =
            (0..agents).map(|number| AgentId::parse(&format!("agent-{number}"))).collect::<Result<Vec<_>, _>>()?;
        setup.agents.extend(ids.iter().map(|id| {
            let mut agent = model.clone();
            agent.id = id.clone();
            agent.licence = outbound::directory::Licence::Premium;
            agent
        }));
        let now = DateTime::from_timestamp(1_772_442_000, 0).ok_or("a time")?;
        let terms = Terms::new(Directory::new(setup)?, ShapeOnly);
        let subject = Self { desk: Desk::new(MemoryStore::new(), terms, ManualClock::at(now)), agents: ids, now };
        for (number, agent) in (0..).zip(&subject.agents) {
            let sign_in = SignIn { agent: agent.clone(), team: "team".parse()?, state: ChosenState::Available };
            subject.desk.run(subject.id(2, number), &sign_in)?;
        }
        Ok(subject)
    }

    fn id(&self, kind: u8, number: u32) -> CommandId {
        let [a, b, c, d] = number.to_be_bytes();
        CommandId::new(self.now, [kind, 0, 0, 0, 0, 0, a, b, c, d])
    }

    /// The starts of a range of conversations, ready to run.
    pub(crate) fn prepare(&self, range: Range<u32>) -> Result<Prepared, Box<dyn Error>> {
        let entry_point: outbound::model::EntryPointId = "sms".parse()?;
        let agents = u32::try_from(self.agents.len())?;
        range
            .map(|number| {
                let at = usize::try_from(number % agents)?;
                let start = StartOutbound {
                    agent: self.agents.get(at).cloned().ok_or("an agent")?,
                    channel: Channel::Sms,
                    entry_point: entry_point.clone(),
                    to: Address::Sms(E164::parse(&format!("+{}", 351_900_000_000_u64 + u64::from(number)))?).into(),
                    customer: None,
                    on_conflict: OnConflict::Refuse,
                };
                Ok((self.id(1, number), start))
            })
            .collect()
    }

    /// Runs what was prepared; answers how many were not done.
    pub(crate) fn start(&self, prepared: &Prepared) -> usize {
        prepared.iter().filter(|(id, start)| self.desk.run(*id, start).is_err()).count()
    }

    /// How many reasons there are against a start by a signed-out agent without a licence from a disabled entry point.
    pub(crate) fn refuse(&self, prepared: &Prepared) -> usize {
        let reasons = |(id, start): &(CommandId, StartOutbound)| match self.desk.run(*id, start) {
            Err(Failure::Refused(refusals)) => refusals.iter().count(),
            _ => 0,
        };
        prepared.iter().map(reasons).sum()
    }

    /// Starts that are refused for three reasons.
    pub(crate) fn prepare_refused(&self, times: u32) -> Result<Prepared, Box<dyn Error>> {
        let mut prepared = self.prepare(0..times)?;
        for (_, start) in &mut prepared {
            start.agent = "standard".parse()?;
            start.entry_point = "off".parse()?;
        }
        Ok(prepared)
    }
}

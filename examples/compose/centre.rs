//! The organization, its desk, and what happened before.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{Close, SendMessage, SignIn, StartOutbound};
use outbound::desk::Desk;
use outbound::directory::{Directory, Setup};
use outbound::engine::{Command, Terms};
use outbound::memory::MemoryStore;
use outbound::model::{AgentId, By, Channel, ChosenState, CommandId, Libphonenumber, Wording};
use outbound::port::{Clock as _, ManualClock};
use outbound::query::{MessagePreview, MessagePreviewAnswer};

use crate::Shown;

/// A Monday, nine in the morning of Greenwich.
const NOW: i64 = 1_772_442_000;

pub(crate) struct Centre {
    pub(crate) desk: Desk<MemoryStore, Arc<ManualClock>>,
    clock: Arc<ManualClock>,
    commands: u64,
}

impl Centre {
    /// The organization of the file beside this one, changed.
    pub(crate) fn open(change: impl FnOnce(&mut Setup)) -> Shown<Self> {
        let mut setup: Setup = serde_json::from_str(include_str!("organization.json"))?;
        change(&mut setup);
        let terms = Terms::new(Directory::new(setup)?, Libphonenumber);
        #[cfg(feature = "html")]
        let terms = terms.with_html(outbound::mail::html::Ammonia::new());
        let clock = Arc::new(ManualClock::at(DateTime::from_timestamp(NOW, 0).unwrap_or_default()));
        let desk = Desk::new(MemoryStore::new(), terms, Arc::clone(&clock));
        let mut centre = Self { desk, clock, commands: 0 };
        centre.run(&SignIn { agent: "ana".parse()?, team: "care".parse()?, state: ChosenState::Available })?;
        Ok(centre)
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(crate) fn wait(&self, time: TimeDelta) {
        self.clock.advance(time);
    }

    pub(crate) fn run<C: Command>(&mut self, command: &C) -> Shown<C::Output> {
        self.commands += 1;
        let [a, b, c, d, e, f, g, h] = self.commands.to_be_bytes();
        Ok(self.desk.run(CommandId::new(self.now(), [0, 0, a, b, c, d, e, f, g, h]), command)?)
    }

    /// Ana writes to somebody, under a subject on e-mail, and closes the conversation.
    pub(crate) fn wrote(&mut self, channel: Channel, to: &str, subject: Option<&str>) -> Shown {
        let ana: AgentId = "ana".parse()?;
        let from = if channel == Channel::Sms { "sms" } else { "mail" };
        let started = self.run(&StartOutbound::new(ana.clone(), channel, from.parse()?, to))?;
        let mut message = SendMessage::new(ana.clone(), started.conversation, Wording::text("Your seat is confirmed."));
        message.subject = subject.map(Into::into);
        self.run(&message)?;
        self.run(&Close { by: By::Agent(ana), conversation: started.conversation })?;
        Ok(())
    }

    pub(crate) fn preview(&self, preview: &MessagePreview) -> Shown<MessagePreviewAnswer> {
        Ok(self.desk.ask(preview)?)
    }
}

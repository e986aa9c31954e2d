//! What a host has: a desk, a clock, command ids, and a provider to deliver through.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{OnConflict, ReceiveMessage, SendMessage, StartOutbound};
use outbound::desk::{Desk, PumpedHow};
use outbound::directory::{Agent, Directory, EntryPoint};
use outbound::engine::{Command, Question, Terms};
use outbound::memory::MemoryStore;
use outbound::model::{
    AgentId, Channel, CommandId, ConversationId, Libphonenumber, MessageId, Private, TaskState, Wording,
};
use outbound::port::{Clock, Failure, ManualClock, NoMedia};
use outbound::query::Overview;
use outbound::record::{Firing, Received};
use outbound::refusal::Refusals;

use crate::cast::{self, Person};
use crate::provider::Provider;
use crate::screen::Screen;

/// Why a chapter ended before its end.
pub(crate) enum Interrupted {
    /// The organization lacks an actor for it.
    Skipped(String),
    /// The domain says no where the chapter hoped for a yes.
    Refused(Box<Refusals>),
    /// There is no answer to be had.
    Failed(Box<dyn Error>),
}

pub(crate) type Told<T = ()> = Result<T, Interrupted>;

pub(crate) fn skip<T>(why: impl Into<String>) -> Told<T> {
    Err(Interrupted::Skipped(why.into()))
}

/// The two kinds of bad news that a desk has: the domain's "no", and a machine's trouble. They never mix.
impl From<Failure<Infallible>> for Interrupted {
    fn from(failure: Failure<Infallible>) -> Self {
        match failure {
            Failure::Refused(refusals) => Self::Refused(refusals),
            other => Self::Failed(other.into()),
        }
    }
}

/// Ids are parsed from text, and a text can be wrong.
impl From<outbound::model::IdError> for Interrupted {
    fn from(error: outbound::model::IdError) -> Self {
        Self::Failed(error.into())
    }
}

/// The conversation that the story follows.
#[derive(Clone)]
pub(crate) struct Thread {
    pub(crate) conversation: ConversationId,
    pub(crate) holder: AgentId,
    /// The newest message from the customer.
    pub(crate) seen: Option<MessageId>,
}

pub(crate) struct Story {
    pub(crate) directory: Arc<Directory>,
    pub(crate) desk: Desk<MemoryStore, Arc<ManualClock>>,
    pub(crate) screen: Screen,
    pub(crate) provider: Provider,
    pub(crate) maria: Option<Thread>,
    clock: Arc<ManualClock>,
    commands: u64,
    inbound: u64,
}

/// A Monday morning.
const BEGINS: i64 = 1_772_442_000;

impl Story {
    pub(crate) fn new(directory: Directory) -> Self {
        let directory = Arc::new(directory);
        let clock = Arc::new(ManualClock::at(DateTime::from_timestamp(BEGINS, 0).unwrap_or_default()));
        // Everything that decisions are made under, and everything that they are made over: that is a desk.
        let terms = Terms::new(Arc::clone(&directory), Libphonenumber);
        let desk = Desk::new(MemoryStore::new(), terms, Arc::clone(&clock));
        let screen = Screen::new();
        let provider = Provider::new(screen);
        Self { directory, desk, screen, provider, maria: None, clock, commands: 0, inbound: 0 }
    }

    // Time, and the ids of commands.

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A new command id. A real host takes ten random bytes; a story that is told twice takes a number.
    pub(crate) fn id(&mut self) -> CommandId {
        self.commands += 1;
        let [a, b, c, d, e, f, g, h] = self.commands.to_be_bytes();
        CommandId::new(self.now(), [0, 0, a, b, c, d, e, f, g, h])
    }

    /// Lets time pass, and fires what falls due meanwhile; a real host does so every second or so.
    pub(crate) fn wait(&mut self, time: TimeDelta) -> Told {
        self.clock.advance(time);
        self.screen.act(self.now(), "The clock", &format!("moves on by {} s", time.num_seconds()));
        for fired in self.desk.fire_due(1_000)?.fired {
            self.screen.answer(&match fired.what {
                Firing::OfferLapsed { agent, .. } => format!("{} did not answer, and is in RONA", self.name(&agent)),
                Firing::WrappedUp { agent, .. } => format!("{}'s wrap-up took the default reason", self.name(&agent)),
                Firing::Woken { .. } => "a parked conversation woke".to_owned(),
                Firing::HandoverLapsed { .. } => "a request to hand over lapsed".to_owned(),
                other => format!("{other:?}"),
            });
        }
        Ok(())
    }

    // Doing and asking.

    /// Says who does what, and lets the desk run the command under a new id, a second after what was before.
    pub(crate) fn run<C: Command>(&mut self, who: &str, what: &str, command: &C) -> Told<C::Output> {
        self.clock.advance(TimeDelta::seconds(1));
        self.screen.act(self.now(), who, what);
        let id = self.id();
        Ok(self.desk.run(id, command)?)
    }

    /// Runs what is expected to be refused, and shows every reason.
    pub(crate) fn refused<C: Command>(&mut self, who: &str, what: &str, command: &C) -> Told {
        match self.run(who, what, command) {
            Ok(_) => self.screen.answer("this organization allows it"),
            Err(Interrupted::Refused(refusals)) => self.screen.refused(&refusals),
            Err(other) => return Err(other),
        }
        Ok(())
    }

    pub(crate) fn ask<Q: Question>(&self, question: &Q) -> Told<Q::Answer> {
        Ok(self.desk.ask(question)?)
    }

    // The small steps that chapters share.

    /// A customer's text. The provider's id makes a message that comes twice one message.
    pub(crate) fn receive(&mut self, who: &Person, entry_point: &EntryPoint, text: &str) -> Told<Received> {
        self.inbound += 1;
        let provider = format!("in-{}", self.inbound).parse()?;
        let from = who.on(entry_point.channel());
        let received = ReceiveMessage::text(entry_point.id().clone(), from, provider, text);
        self.run(who.name, &format!("writes to {}: \"{text}\"", entry_point.sender()), &received)
    }

    /// The outbox sends what is due, and the provider's receipts come in.
    pub(crate) fn deliver(&mut self) -> Told {
        self.screen.act(self.now(), "The outbox", "sends what is due");
        let id = self.id();
        let pumped = self.desk.deliver_due(id, &self.provider, &NoMedia, 100)?;
        if pumped.messages.is_empty() {
            self.screen.answer("nothing is due");
        }
        for message in &pumped.messages {
            self.screen.answer(&match &message.how {
                PumpedHow::Answered { attempt, .. } => format!("{} at attempt {attempt}", message.how.as_str()),
                PumpedHow::Deferred { until } => format!("waits for {}", until.format("%H:%M")),
                PumpedHow::Refused(reasons) => format!("not sent: {reasons}"),
                PumpedHow::Stuck { why, .. } => format!("stuck: {why}"),
                how => how.as_str().to_owned(),
            });
        }
        for receipt in self.provider.receipts() {
            let what = format!("reports `{}` as delivered", receipt.provider);
            let reported = self.run("The provider", &what, &receipt)?;
            self.screen.answer(&format!("{reported:?}"));
        }
        Ok(())
    }

    /// A plain message; an e-mail's first one has a subject.
    pub(crate) fn send(&mut self, agent: &AgentId, thread: ConversationId, subject: Option<&str>, text: &str) -> Told {
        let mut message = SendMessage::new(agent.clone(), thread, Wording::text(text));
        message.subject = subject.map(Private::from);
        let sent = self.run(&self.name(agent), &format!("sends: \"{text}\""), &message)?;
        self.screen.answer(&format!("message {} of the conversation", sent.number));
        Ok(())
    }

    pub(crate) fn start(
        &mut self,
        agent: &AgentId,
        from: &EntryPoint,
        to: &Person,
        on_conflict: OnConflict,
    ) -> Told<outbound::record::Started> {
        let channel = from.channel();
        let start =
            StartOutbound::new(agent.clone(), channel, from.id().clone(), to.on(channel)).on_conflict(on_conflict);
        let does = match on_conflict {
            OnConflict::Refuse => "starts a conversation",
            OnConflict::AskHolder => "asks its holder for the conversation",
            OnConflict::TakeOver => "takes over the conversation",
        };
        let what = format!("{does} with {} ({}) by {channel}", to.name, to.on(channel));
        self.run(&self.name(agent), &what, &start)
    }

    // What the chapters stand on.

    pub(crate) fn name(&self, agent: &AgentId) -> String {
        self.directory.agent(agent).map_or_else(|| agent.to_string(), |agent| agent.name().to_owned())
    }

    /// The channel of the story: SMS where somebody can start one, else e-mail.
    pub(crate) fn channel(&self) -> Told<Channel> {
        let channels = [Channel::Sms, Channel::Email];
        let can = |channel: &Channel| !cast::starters(&self.directory, *channel).is_empty();
        channels.into_iter().find(can).map_or_else(|| skip("no agent can start a conversation"), Ok)
    }

    /// An entry point of a channel from which conversations can start.
    pub(crate) fn entry_point(&self, channel: Channel) -> Told<EntryPoint> {
        match cast::open_entry_point(&self.directory, channel) {
            Some(entry_point) => Ok(entry_point.clone()),
            None => skip(format!("there is no entry point for {channel}")),
        }
    }

    /// The n-th of those who can start conversations on a channel.
    pub(crate) fn starter(&self, channel: Channel, nth: usize) -> Told<AgentId> {
        match cast::starters(&self.directory, channel).get(nth) {
            Some(agent) => Ok(agent.id().clone()),
            None => skip(format!("fewer than {} agents can start a conversation by {channel}", nth + 1)),
        }
    }

    /// The first agent of whom something is true.
    pub(crate) fn agent_who(&self, wanted: impl Fn(&Agent) -> bool) -> Option<AgentId> {
        self.directory.agents().find(|agent| wanted(agent)).map(|agent| agent.id().clone())
    }

    pub(crate) fn maria(&self) -> Told<Thread> {
        self.maria.clone().map_or_else(|| skip("nobody has a conversation with Maria"), Ok)
    }

    /// What an agent's desk shows of a task.
    pub(crate) fn show_task(&self, agent: &AgentId, conversation: ConversationId) -> Told {
        let overview = self.ask(&Overview { agent: agent.clone() })?;
        let found = overview.tasks.iter().find(|held| held.task.conversation == conversation);
        let says = match found.map(|held| &held.task.state) {
            Some(TaskState::Frozen { transfer, .. }) => format!("frozen, until {} answers", self.name(&transfer.to)),
            Some(TaskState::Active { .. }) => "active".to_owned(),
            Some(state) => state.as_str().to_owned(),
            None => "not there".to_owned(),
        };
        self.screen.answer(&format!("on {}'s desk the task is {says}", self.name(agent)));
        Ok(())
    }
}

//! The facts of a refusal: named values, typed where a host acts on them.

use std::borrow::Cow;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::hours::ZoneId;
use crate::model::{
    AgentId, Channel, ConversationId, CustomerId, EntryPointId, Holder, IdleReasonId, InteractionId, MediaClass,
    MessageId, ProfileId, QueueId, TeamId, TemplateId, WorkflowId, WrapUpReasonId,
};

/// The value of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Value {
    /// A number.
    Count(u64),
    /// A point in time.
    Time(DateTime<Utc>),
    /// A text, such as a state's name or an id of the set-up.
    Text(Cow<'static, str>),
    /// Several texts.
    Texts(Vec<String>),
    /// An agent.
    Agent(AgentId),
    /// A team.
    Team(TeamId),
    /// A queue.
    Queue(QueueId),
    /// An entry point.
    EntryPoint(EntryPointId),
    /// A customer.
    Customer(CustomerId),
    /// A conversation.
    Conversation(ConversationId),
    /// A message.
    Message(MessageId),
    /// A channel.
    Channel(Channel),
    /// A class of media.
    Class(MediaClass),
    /// Who holds a task.
    Holder(Holder),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(value) => value.fmt(f),
            Self::Time(value) => value.format("%Y-%m-%dT%H:%M:%SZ").fmt(f),
            Self::Text(value) => value.fmt(f),
            Self::Texts(values) if values.is_empty() => f.write_str("-"),
            Self::Texts(values) => f.write_str(&values.join("`, `")),
            Self::Agent(value) => value.fmt(f),
            Self::Team(value) => value.fmt(f),
            Self::Queue(value) => value.fmt(f),
            Self::EntryPoint(value) => value.fmt(f),
            Self::Customer(value) => value.fmt(f),
            Self::Conversation(value) => value.fmt(f),
            Self::Message(value) => value.fmt(f),
            Self::Channel(value) => value.fmt(f),
            Self::Class(value) => value.fmt(f),
            Self::Holder(Holder::Agent(agent)) => write!(f, "agent {agent}"),
            Self::Holder(Holder::Queue(queue)) => write!(f, "queue {queue}"),
            Self::Holder(Holder::Parking(agent)) => write!(f, "the parking place of {agent}"),
        }
    }
}

macro_rules! values {
    ($($from:ty => $variant:ident;)*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

values! {
    u64 => Count;
    u32 => Count;
    u8 => Count;
    DateTime<Utc> => Time;
    String => Text;
    &'static str => Text;
    Vec<String> => Texts;
    AgentId => Agent;
    TeamId => Team;
    QueueId => Queue;
    EntryPointId => EntryPoint;
    CustomerId => Customer;
    ConversationId => Conversation;
    MessageId => Message;
    Channel => Channel;
    MediaClass => Class;
    Holder => Holder;
}

macro_rules! ids_of_the_set_up {
    ($($id:ty)*) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                id.as_str().to_owned().into()
            }
        }
    )*};
}

ids_of_the_set_up!(IdleReasonId InteractionId ProfileId TemplateId WorkflowId WrapUpReasonId ZoneId);

impl<T: Clone + Into<Value>> From<&T> for Value {
    fn from(value: &T) -> Self {
        value.clone().into()
    }
}

/// The most characters of a stranger's text that a fact quotes.
const MAX_QUOTED_CHARS: usize = 100;

/// The most texts of a stranger's that a fact quotes.
const MAX_QUOTED_TEXTS: usize = 16;

fn cut(text: &str) -> String {
    text.chars().take(MAX_QUOTED_CHARS).collect()
}

/// One named fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    name: Cow<'static, str>,
    value: Value,
}

impl Fact {
    /// A fact under a name.
    pub fn new(name: &'static str, value: impl Into<Value>) -> Self {
        Self { name: Cow::Borrowed(name), value: value.into() }
    }

    /// A fact that quotes what somebody wrote, however long that is: the beginning of it.
    pub(crate) fn quoting(name: &'static str, text: &str) -> Self {
        Self::new(name, cut(text))
    }

    /// The same of several texts, however many there are: the first of them.
    pub(crate) fn quoting_each(name: &'static str, texts: &[String]) -> Self {
        Self::new(name, texts.iter().take(MAX_QUOTED_TEXTS).map(|text| cut(text)).collect::<Vec<_>>())
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its value.
    #[must_use]
    pub const fn value(&self) -> &Value {
        &self.value
    }
}

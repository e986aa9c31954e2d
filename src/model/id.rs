//! Names of things: text ids that the host owns, and ids that the library derives from a command's id.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The longest text id, in bytes.
pub const MAX_ID_BYTES: usize = 200;

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {problem}")]
pub struct IdError {
    what: &'static str,
    problem: IdProblem,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum IdProblem {
    #[error("is empty")]
    Empty,
    #[error("has {0} bytes, and {MAX_ID_BYTES} are the most")]
    TooLong(usize),
    #[error("begins or ends with white space")]
    Padded,
    #[error("holds the control character {0:?}")]
    Control(char),
    #[error("`{0}` is not a UUID")]
    NotUuid(String),
    #[error("`{0}` is not a UUID of version 7")]
    NotVersion7(Uuid),
}

/// A text and its digest: compared and looked up by the digest, ordered and shown by the text.
///
/// Shared and one word wide: ids are copied into every record and event that names them.
#[derive(Clone)]
pub(crate) struct HostId(Arc<Named>);

struct Named {
    digest: Digest,
    text: Box<str>,
}

impl HostId {
    fn new(text: &str) -> Self {
        Self(Arc::new(Named { digest: Digest::of(&[text.as_bytes()]), text: text.into() }))
    }

    fn parse(what: &'static str, text: &str) -> Result<Self, IdError> {
        let refuse = |problem| Err(IdError { what, problem });
        if text.is_empty() {
            return refuse(IdProblem::Empty);
        }
        if text.len() > MAX_ID_BYTES {
            return refuse(IdProblem::TooLong(text.len()));
        }
        if text.trim().len() != text.len() {
            return refuse(IdProblem::Padded);
        }
        if let Some(control) = text.chars().find(|c| c.is_control()) {
            return refuse(IdProblem::Control(control));
        }
        Ok(Self::new(text))
    }
}

/// 128 bits that stand for a longer value: no two values that anyone can find share one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Digest(pub(crate) u64, pub(crate) u64);

impl Digest {
    /// The digest of some parts; each part's length counts, so that no two lists of parts run together.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        Self::first_half(&hash.finalize())
    }

    /// The digest of a value's [`Hash`] representation, for comparing two values made by the same build.
    pub(crate) fn of_value(value: &impl Hash) -> Self {
        struct Feed(Sha256);
        impl Hasher for Feed {
            fn write(&mut self, bytes: &[u8]) {
                self.0.update(bytes);
            }
            fn finish(&self) -> u64 {
                0
            }
        }
        let mut feed = Feed(Sha256::new());
        value.hash(&mut feed);
        Self::first_half(&feed.0.finalize())
    }

    fn first_half(hash: &[u8]) -> Self {
        let mut words =
            hash.chunks_exact(8).map(|word| word.iter().fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte)));
        Self(words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }
}

/// The content of a command in 128 bits, to tell its repetition from another command under the same id (B2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(Uuid);

impl Fingerprint {
    pub(crate) fn of(name: &str, command: &impl Hash) -> Self {
        let Digest(high, low) = Digest::of_value(&(name, command));
        Self(Uuid::from_u64_pair(high, low))
    }
}

/// What has a digest of its text at hand.
pub(crate) trait Digested {
    fn digest(&self) -> Digest;
}

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident = $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(HostId);

        impl $name {
            /// Parses the host's text: not empty, at most [`MAX_ID_BYTES`] bytes, no control characters, no white space around it.
            ///
            /// # Errors
            /// [`IdError`] says which of these does not hold.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                HostId::parse($what, text).map(Self)
            }

            /// The host's text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0.0.text
            }
        }

        impl Digested for $name {
            fn digest(&self) -> Digest {
                self.0.0.digest
            }
        }
        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.0.0.digest == other.0.0.digest
            }
        }
        impl Eq for $name {}
        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.0.digest.hash(state);
            }
        }
        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
                Some(self.cmp(other))
            }
        }
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> std::cmp::Ordering {
                self.0.0.text.cmp(&other.0.0.text)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0.0.text)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.as_str())
            }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }
        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::parse(&text)
            }
        }
        impl TryFrom<&str> for $name {
            type Error = IdError;
            fn try_from(text: &str) -> Result<Self, IdError> {
                Self::parse(text)
            }
        }
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
                Self::parse(&text).map_err(serde::de::Error::custom)
            }
        }
    )*};
}

text_ids! {
    /// Names an organization.
    OrganizationId = "organization id";
    /// Names an agent.
    AgentId = "agent id";
    /// Names a team of agents.
    TeamId = "team id";
    /// Names a site, the place that teams belong to.
    SiteId = "site id";
    /// Names a multimedia profile.
    ProfileId = "multimedia profile id";
    /// Names an entry point.
    EntryPointId = "entry point id";
    /// Names a queue.
    QueueId = "queue id";
    /// Names a customer, as the host's CRM does.
    CustomerId = "customer id";
    /// Names a template.
    TemplateId = "template id";
    /// Names a reason for being idle.
    IdleReasonId = "idle reason id";
    /// Names a reason given at wrap-up.
    WrapUpReasonId = "wrap-up reason id";
    /// Names a workflow.
    WorkflowId = "workflow id";
    /// Names an interaction that another system handles: a voice call, an inbound chat.
    InteractionId = "interaction id";
    /// A provider's own id of a message: an SMS id, an e-mail's Message-ID.
    ProviderId = "provider id";
}

macro_rules! derived_ids {
    ($($(#[$doc:meta])* $name:ident = $salt:literal, $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                read_uuid($what, from).map(Self)
            }
        }

        impl $name {
            /// The id that a command gives to the thing it makes: the same command, the same id.
            #[must_use]
            pub fn of(command: CommandId) -> Self {
                Self(command.derive($salt))
            }

            /// The id as a UUID.
            #[must_use]
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_uuid($what, text).map(Self)
            }
        }
        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
    )*};
}

derived_ids! {
    /// Names a conversation.
    ConversationId = 1, "conversation id";
    /// Names a task: a conversation's work as it is handed from one holder to the next.
    TaskId = 2, "task id";
    /// Names an offer: one asking of one agent to take a task.
    OfferId = 3, "offer id";
    /// Names a message.
    MessageId = 4, "message id";
}

/// A UUID as it was written down; a problem names the kind of id.
fn read_uuid<'de, D: serde::Deserializer<'de>>(what: &str, from: D) -> Result<Uuid, D::Error> {
    Uuid::deserialize(from).map_err(|problem| serde::de::Error::custom(format_args!("{what}: {problem}")))
}

fn parse_uuid(what: &'static str, text: &str) -> Result<Uuid, IdError> {
    text.parse().map_err(|_| IdError { what, problem: IdProblem::NotUuid(text.chars().take(64).collect()) })
}

impl CustomerId {
    /// The id of a customer whom nobody has named yet: a function of the command that met them first.
    pub(crate) fn met_by(command: CommandId) -> Self {
        Self(HostId::new(&format!("customer-{}", command.derive(5))))
    }
}

/// Names one command, so that repeating it does nothing twice (B2): a UUID of version 7 that the caller makes.
///
/// Everything that the command creates takes its id from here, with the same time in front.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct CommandId(Uuid);

impl<'de> Deserialize<'de> for CommandId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        read_uuid("command id", from)?.try_into().map_err(serde::de::Error::custom)
    }
}

/// How many of a version 7 UUID's bits are free, behind its time.
const FREE_BITS: u32 = 74;
const FREE_MASK: u128 = (1 << FREE_BITS) - 1;

impl CommandId {
    /// Makes an id from a time and ten random bytes.
    #[must_use]
    pub fn new(at: DateTime<Utc>, random: [u8; 10]) -> Self {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }

    /// The id as a UUID.
    #[must_use]
    pub const fn as_uuid(&self) -> Uuid {
        self.0
    }

    /// The id of a step that follows from this command: the same command and number, the same id.
    #[must_use]
    pub fn step(self, number: u32) -> Self {
        Self(self.derive((1 << 40) | u64::from(number)))
    }

    /// An id that is a function of a time and 128 bits, for what falls due by itself.
    pub(crate) fn of_timer(at: DateTime<Utc>, what: Digest) -> Self {
        let mut random = [0; 10];
        let bytes = Digest::of(&[&what.0.to_le_bytes(), &what.1.to_le_bytes(), &at.timestamp_micros().to_le_bytes()]);
        for (to, from) in random.iter_mut().zip(bytes.0.to_le_bytes().into_iter().chain(bytes.1.to_le_bytes())) {
            *to = from;
        }
        Self::new(at, random)
    }

    /// Mixes a salt into the free bits, reversibly: two commands never share a derived id under one salt.
    pub(crate) fn derive(self, salt: u64) -> Uuid {
        let whole = self.0.as_u128();
        let free = ((whole >> 64) & 0xfff) << 62 | (whole & ((1 << 62) - 1));
        let mut mixed = free ^ (u128::from(salt).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39d) & FREE_MASK);
        for factor in [0xbf58_476d_1ce4_e5b9_1f3d_u128, 0x94d0_49bb_1331_11eb_2a8b] {
            mixed ^= mixed >> (FREE_BITS / 2);
            mixed = mixed.wrapping_mul(factor) & FREE_MASK;
        }
        mixed ^= mixed >> (FREE_BITS / 2);
        let kept = whole & !((0xfff << 64) | ((1 << 62) - 1));
        Uuid::from_u128(kept | (mixed >> 62) << 64 | (mixed & ((1 << 62) - 1)))
    }
}

impl TryFrom<Uuid> for CommandId {
    type Error = IdError;
    fn try_from(uuid: Uuid) -> Result<Self, IdError> {
        if uuid.get_version_num() == 7 && uuid.get_variant() == uuid::Variant::RFC4122 {
            Ok(Self(uuid))
        } else {
            Err(IdError { what: "command id", problem: IdProblem::NotVersion7(uuid) })
        }
    }
}

impl From<CommandId> for Uuid {
    fn from(id: CommandId) -> Self {
        id.0
    }
}

impl FromStr for CommandId {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        parse_uuid("command id", text)?.try_into()
    }
}

impl fmt::Display for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for CommandId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CommandId({})", self.0)
    }
}

//! Names of things: text ids that the host owns, and ids that the library derives from a command's id.

mod command;
mod derived;
mod digest;
mod text;

use serde::Deserialize;
use uuid::Uuid;

pub use command::CommandId;
pub use derived::{ConversationId, MessageId, OfferId, TaskId};
pub use digest::Fingerprint;
pub(crate) use digest::{Digest, Digested};
pub use text::{
    AgentId, CustomerId, EntryPointId, IdleReasonId, InteractionId, OrganizationId, ProfileId, ProviderId, QueueId,
    SiteId, TeamId, TemplateId, WorkflowId, WrapUpReasonId,
};

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

/// A UUID as it was written down; a problem names the kind of id.
fn read_uuid<'de, D: serde::Deserializer<'de>>(what: &str, from: D) -> Result<Uuid, D::Error> {
    Uuid::deserialize(from).map_err(|problem| serde::de::Error::custom(format_args!("{what}: {problem}")))
}

fn parse_uuid(what: &'static str, text: &str) -> Result<Uuid, IdError> {
    text.parse().map_err(|_| IdError { what, problem: IdProblem::NotUuid(text.chars().take(64).collect()) })
}

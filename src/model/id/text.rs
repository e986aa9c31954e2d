//! Ids that the host owns: texts.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::command::CommandId;
use super::digest::{Digest, Digested};
use super::{IdError, IdProblem, MAX_ID_BYTES};

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
    fn new(text: impl Into<Box<str>>) -> Self {
        let text = text.into();
        Self(Arc::new(Named { digest: Digest::of(&[text.as_bytes()]), text }))
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

impl PartialEq for HostId {
    fn eq(&self, other: &Self) -> bool {
        self.0.digest == other.0.digest
    }
}

impl Eq for HostId {}

impl Hash for HostId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.digest.hash(state);
    }
}

impl PartialOrd for HostId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for HostId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.text.cmp(&other.0.text)
    }
}

macro_rules! text_ids {
    ($($(#[$doc:meta])* $name:ident = $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
            fn text(&self) -> &str {
                &self.0.0.text
            }
            fn digest(&self) -> Digest {
                self.0.0.digest
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
    ///
    /// An address keeps the customer that it was first seen with (R26). One whom nobody has named is named by the library, `customer-…`:
    /// a CRM that learns later who it is keeps that name as one of the customer's.
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

impl ProviderId {
    /// What a mail is called that has no Message-ID, or one that no id can be.
    pub(crate) fn of_mail(digest: Digest) -> Self {
        Self(HostId::new(format!("mail-{:016x}{:016x}", digest.0, digest.1)))
    }
}

impl CustomerId {
    /// The id of a customer whom nobody has named yet: a function of the command that met them first.
    pub(crate) fn met_by(command: CommandId) -> Self {
        let mut buffer = Uuid::encode_buffer();
        let id: &str = command.derive(5).as_hyphenated().encode_lower(&mut buffer);
        Self(HostId::new(["customer-", id].concat()))
    }
}

//! Ids that the library makes: each a function of the command that made the thing.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::command::CommandId;
use super::{IdError, parse_uuid, read_uuid};

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

impl MessageId {
    /// The id of the message that the library sends by itself because of a command, beside that command's own.
    pub(crate) fn of_notice(command: CommandId) -> Self {
        Self(command.derive(5))
    }
}

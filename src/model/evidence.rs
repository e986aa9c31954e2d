//! Why a message went to its conversation: what it named, and what came of each of these (B7).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::{ConversationId, MessageId};

/// How a message can name a conversation, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Via {
    /// It went to an address that only we can make.
    ReplyToken,
    /// It answers a Message-ID that only we can make.
    OwnMessageId,
    /// Its In-Reply-To names a message.
    InReplyTo,
    /// Its References name a message.
    References,
    /// It bears the subject of a conversation with its sender.
    Subject,
    /// Its sender has a conversation here.
    Address,
}

/// How sure it is that a message belongs where it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// It names nothing: it begins something new.
    #[default]
    None,
    /// Probable, by little: by its sender, by its subject, or by ids of which something else does not fit.
    Low,
    /// By ids that fit its subject and its sender, and that could be forged by somebody who knows both.
    High,
    /// By an id that only we can make, from the very address that it was made for.
    Certain,
}

/// Who the sender of a message is to a conversation, the nearest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The address that the conversation is with.
    Customer,
    /// Another address of the same customer.
    SameCustomer,
    /// Somebody whom a mail of the conversation was addressed or copied to.
    Addressed,
    /// A mail system, with a report on a message of the conversation.
    MailSystem,
    /// Nobody that the conversation knows.
    Stranger,
}

/// What came of one thing that a message named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {
    /// The message went there.
    Bound,
    /// It leads to the same conversation.
    Agrees,
    /// It leads elsewhere, and something stronger decided.
    Outranked,
    /// It looks like ours and does not hold here: forged, or made for another entry point.
    NotValidHere,
    /// Nothing here is known by it.
    Unknown,
    /// It leads to a conversation at another entry point.
    OtherEntryPoint,
    /// The sender is a stranger to the conversation that it leads to.
    Stranger,
    /// The sender is not one of those who may join, by the organization's policy.
    NotAdmitted,
    /// The mail is a forward by somebody else than the customer.
    Forwarded,
    /// It is too little where the subject is another one.
    OtherSubject,
    /// It is too little by itself, by the organization's policy.
    TooLittle,
}

/// One thing that a message named, and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// How it was named.
    pub via: Via,
    /// What came of it.
    pub finding: Finding,
    /// The conversation that it leads to, where it leads to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// The message that it names, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
    /// Who the sender is to that conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    /// Whether the subject is that of the conversation, where that was looked at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_subject: Option<bool>,
}

/// Where a message belongs, how sure that is, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Binding {
    /// Where it goes.
    pub to: BoundTo,
    /// How sure that is.
    pub confidence: Confidence,
    /// Everything that it named, the strongest first, and what came of each.
    pub evidence: Vec<Evidence>,
}

/// Where a message goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BoundTo {
    /// To a conversation of its own.
    #[default]
    Nothing,
    /// To a conversation, open or closed.
    Conversation {
        /// The conversation.
        conversation: ConversationId,
        /// The message of it that was named, if one was.
        message: Option<MessageId>,
        /// What decided it.
        via: Via,
    },
    /// To a conversation of its own, which waits where the set-up has strangers' mail looked at.
    Quarantine,
}

macro_rules! names {
    ($($type:ident { $($variant:ident = $name:literal,)* })*) => {$(
        impl $type {
            /// The name as it is written down.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

names! {
    Via {
        ReplyToken = "reply_token",
        OwnMessageId = "own_message_id",
        InReplyTo = "in_reply_to",
        References = "references",
        Subject = "subject",
        Address = "address",
    }
    Confidence {
        None = "none",
        Low = "low",
        High = "high",
        Certain = "certain",
    }
    Relation {
        Customer = "customer",
        SameCustomer = "same_customer",
        Addressed = "addressed",
        MailSystem = "mail_system",
        Stranger = "stranger",
    }
    Finding {
        Bound = "bound",
        Agrees = "agrees",
        Outranked = "outranked",
        NotValidHere = "not_valid_here",
        Unknown = "unknown",
        OtherEntryPoint = "other_entry_point",
        Stranger = "stranger",
        NotAdmitted = "not_admitted",
        Forwarded = "forwarded",
        OtherSubject = "other_subject",
        TooLittle = "too_little",
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.via, self.finding)?;
        if let Some(relation) = self.relation {
            write!(f, ", from {relation}")?;
        }
        match self.same_subject {
            Some(true) => write!(f, ", same subject"),
            Some(false) => write!(f, ", other subject"),
            None => Ok(()),
        }
    }
}

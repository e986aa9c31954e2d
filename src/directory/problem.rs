//! What can be wrong with a set-up.

use std::fmt;

use crate::model::{Channel, MediaClass, QueueId, TemplateId, TemplateProblem};
use crate::sms::KeywordError;

/// Everything that is wrong with a set-up, in the order of the document; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetupErrors {
    pub(super) problems: Vec<SetupProblem>,
}

impl SetupErrors {
    /// The problems, in the order of the document.
    #[must_use]
    pub fn problems(&self) -> &[SetupProblem] {
        &self.problems
    }
}

impl fmt::Display for SetupErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            write!(f, "{}{problem}", if i == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for SetupErrors {}

/// One thing that is wrong with a set-up, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {problem}")]
pub struct SetupProblem {
    /// The place in the document, like `agents[3].teams[0]`.
    pub path: String,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with a set-up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A reference to something that is not declared.
    #[error("there is no {kind} `{id}`")]
    Dangling {
        /// What kind of thing it would be.
        kind: &'static str,
        /// Its id.
        id: String,
    },
    /// A value that may occur once, and occurs again.
    #[error("`{value}` is taken already, by `{first}`")]
    Duplicate {
        /// The value.
        value: String,
        /// Where it occurs first.
        first: String,
    },
    /// A name with nothing to show.
    #[error("is blank")]
    Blank,
    /// A time or a limit that nothing could keep.
    #[error("is zero")]
    Zero,
    /// More than the class of media allows (R12).
    #[error("is {value}, and {most} is the most")]
    TooHigh {
        /// The value.
        value: u8,
        /// The highest allowed.
        most: u8,
    },
    /// A limit for outbound above the limit for all (R12).
    #[error("is {outbound}, which is more than the {slots} slots there are")]
    OutboundAboveSlots {
        /// The limit for outbound.
        outbound: u8,
        /// The limit for all.
        slots: u8,
    },
    /// A limit for outbound on a class where nothing can be started (R2).
    #[error("no conversation is started on {0}, so its outbound tasks have no limit")]
    OutboundLimitWithoutOutbound(MediaClass),
    /// An entry point on a channel where nothing can be started (R2).
    #[error("no conversation is started on the channel `{0}`")]
    NoOutbound(Channel),
    /// A sender that the channel does not have.
    #[error("`{sender}` is not a sender on the channel `{channel}`")]
    NotASender {
        /// The channel.
        channel: Channel,
        /// The sender.
        sender: String,
    },
    /// A queue that would get tasks that it does not take.
    #[error("the queue `{queue}` does not serve the channel `{channel}`")]
    QueueLacksChannel {
        /// The queue.
        queue: QueueId,
        /// The channel.
        channel: Channel,
    },
    /// An agent who could never sign in.
    #[error("names no team to sign in to")]
    NoTeam,
    /// A URL that mail programs would not load safely.
    #[error("`{0}` is not an `https://` URL")]
    NotHttps(String),
    /// A forbidden extension that no file name could have.
    #[error("`{0}` is not an extension: one is written in lower case, without the dot")]
    NotAnExtension(String),
    /// A forbidden media type that nothing could have.
    #[error("`{0}` is not a media type: one is written `type/subtype`, in lower case and without parameters")]
    NotAMediaType(String),
    /// A longest wait below the first.
    #[error("is {max}, which is less than the first wait of {first}")]
    MaxRetryBelowFirst {
        /// The first wait, in seconds.
        first: u32,
        /// The longest wait, in seconds.
        max: u32,
    },
    /// A word that is to be removed from the keywords, and is none (B5).
    #[error("`{0}` is not one of the keywords")]
    NotAKeyword(String),
    /// A word that cannot be a keyword (B5).
    #[error(transparent)]
    Keyword(#[from] KeywordError),
    /// A template that cannot confirm an opt-out (B5).
    #[error("the template `{template}` is not for text messages, or needs values")]
    NotAConfirmation {
        /// The template.
        template: TemplateId,
    },
    /// Something wrong with a template (R25).
    #[error(transparent)]
    Template(#[from] TemplateProblem),
}

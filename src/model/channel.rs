//! Channels, and the class of media whose slots each takes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A way to talk to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Channel {
    /// A phone call.
    Voice,
    /// A web chat.
    Chat,
    /// E-mail.
    Email,
    /// Text messages; they take slots of the Social class.
    Sms,
}

impl Channel {
    /// Every channel, in the order in which a desk lists them.
    pub const ALL: [Self; 4] = [Self::Voice, Self::Chat, Self::Email, Self::Sms];

    /// The class whose slots a task on this channel takes.
    #[must_use]
    pub const fn class(self) -> MediaClass {
        match self {
            Self::Voice => MediaClass::Voice,
            Self::Chat => MediaClass::Chat,
            Self::Email => MediaClass::Email,
            Self::Sms => MediaClass::Social,
        }
    }

    /// Whether an agent can start a conversation on it (R2): SMS and e-mail only.
    #[must_use]
    pub const fn starts_outbound(self) -> bool {
        matches!(self, Self::Email | Self::Sms)
    }

    /// The channel's name as it is written down.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Voice => "voice",
            Self::Chat => "chat",
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is not a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a channel is written as `voice`, `chat`, `email` or `sms`")]
pub struct UnknownChannel;

impl FromStr for Channel {
    type Err = UnknownChannel;
    fn from_str(text: &str) -> Result<Self, UnknownChannel> {
        Self::ALL.into_iter().find(|channel| channel.as_str() == text).ok_or(UnknownChannel)
    }
}

/// A class of media: what a multimedia profile gives slots for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaClass {
    /// Phone calls.
    Voice,
    /// Web chats.
    Chat,
    /// E-mails.
    Email,
    /// Text messages and social networks.
    Social,
}

impl MediaClass {
    /// Every class, in order.
    pub const ALL: [Self; 4] = [Self::Voice, Self::Chat, Self::Email, Self::Social];

    /// Whether the customer waits for each answer: a phone call or a chat.
    #[must_use]
    pub const fn is_real_time(self) -> bool {
        matches!(self, Self::Voice | Self::Chat)
    }

    /// The class's name as it is written down.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Voice => "voice",
            Self::Chat => "chat",
            Self::Email => "email",
            Self::Social => "social",
        }
    }
}

impl fmt::Display for MediaClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One value for each class of media.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PerClass<T> {
    /// For phone calls.
    pub voice: T,
    /// For web chats.
    pub chat: T,
    /// For e-mails.
    pub email: T,
    /// For text messages and social networks.
    pub social: T,
}

impl<T> PerClass<T> {
    /// The value of a class.
    pub const fn get(&self, class: MediaClass) -> &T {
        match class {
            MediaClass::Voice => &self.voice,
            MediaClass::Chat => &self.chat,
            MediaClass::Email => &self.email,
            MediaClass::Social => &self.social,
        }
    }

    /// The value of a class, to be changed.
    pub const fn get_mut(&mut self, class: MediaClass) -> &mut T {
        match class {
            MediaClass::Voice => &mut self.voice,
            MediaClass::Chat => &mut self.chat,
            MediaClass::Email => &mut self.email,
            MediaClass::Social => &mut self.social,
        }
    }

    /// The same value for every class.
    pub fn all(value: T) -> Self
    where
        T: Clone,
    {
        Self { voice: value.clone(), chat: value.clone(), email: value.clone(), social: value }
    }
}

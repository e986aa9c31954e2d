//! How the organization keeps to what customers wish about being written to (B5).

use std::sync::Arc;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::model::{Template, TemplateId};
use crate::sms::{Keyword, Keywords};

/// How far an opt-out reaches (B5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentScope {
    /// The entry point that the customer told it to.
    #[default]
    EntryPoint,
    /// Every entry point of the channel, for the address that told it.
    Channel,
    /// All addresses of the customer, on every channel.
    Organization,
}

/// How the organization keeps to what customers wish, as it is written in the set-up (B5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConsentSetup {
    /// How far an opt-out reaches; the entry point by default.
    pub scope: ConsentScope,
    /// What differs from the standard keywords.
    pub keywords: KeywordSetup,
    /// For how long an address is not written to that a provider says does not exist; 90 days by default.
    pub suppress_days: u16,
    /// The template that confirms an opt-out by text message; nothing is confirmed without one. It needs no values.
    pub confirmation: Option<TemplateId>,
}

impl Default for ConsentSetup {
    fn default() -> Self {
        Self {
            scope: ConsentScope::default(),
            keywords: KeywordSetup::default(),
            suppress_days: 90,
            confirmation: None,
        }
    }
}

/// What differs from the standard keywords (B5).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeywordSetup {
    /// Words that are added, or that mean something else.
    pub add: Vec<AddedKeyword>,
    /// Standard words that are ordinary words for this organization's customers.
    pub remove: Vec<String>,
}

/// A word that is added to the keywords.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddedKeyword {
    /// The word.
    pub word: String,
    /// What it means.
    pub means: Keyword,
}

/// How the organization keeps to what customers wish (B5).
#[derive(Debug, Clone)]
pub struct ConsentRules {
    pub(super) scope: ConsentScope,
    pub(super) keywords: Keywords,
    pub(super) suppress: TimeDelta,
    pub(super) confirmation: Option<Arc<Template>>,
}

impl ConsentRules {
    /// How far an opt-out reaches.
    #[must_use]
    pub const fn scope(&self) -> ConsentScope {
        self.scope
    }

    /// The keywords of text messages.
    #[must_use]
    pub const fn keywords(&self) -> &Keywords {
        &self.keywords
    }

    /// For how long an address is not written to that a provider says does not exist.
    #[must_use]
    pub const fn suppress(&self) -> TimeDelta {
        self.suppress
    }

    /// The template that confirms an opt-out by text message.
    #[must_use]
    pub fn confirmation(&self) -> Option<&Template> {
        self.confirmation.as_deref()
    }
}

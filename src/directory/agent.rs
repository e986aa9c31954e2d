//! The people who handle conversations.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::profile::Profile;
use super::search::{Searched, Wanted};
use super::team::Team;
use crate::model::{AgentId, TeamId};

/// What an agent is licensed for (R3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Licence {
    /// The one that agent-initiated outbound needs (R3).
    Premium,
    /// Starts no conversations (R3). What such an agent may be offered is told by `digital_access` and the profile.
    Standard,
}

impl Licence {
    /// The licence's name as it is written down.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Premium => "premium",
            Self::Standard => "standard",
        }
    }
}

/// A person who handles conversations.
#[derive(Debug, Clone)]
pub struct Agent {
    pub(super) id: AgentId,
    pub(super) name: String,
    pub(super) search: Searched,
    pub(super) licence: Licence,
    pub(super) digital_access: bool,
    pub(super) teams: Vec<Arc<Team>>,
    pub(super) profile: Option<Arc<Profile>>,
}

impl Agent {
    /// The agent's id.
    #[must_use]
    pub fn id(&self) -> &AgentId {
        &self.id
    }

    /// The name that a desk shows.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the agent is one of those who are searched for, by name or by id (R46).
    #[must_use]
    pub fn is_wanted(&self, wanted: &Wanted) -> bool {
        wanted.is_in(&self.search)
    }

    /// What the agent is licensed for (R3).
    #[must_use]
    pub fn licence(&self) -> Licence {
        self.licence
    }

    /// Whether the agent has access to digital channels (R3): asked apart from the licence, refused apart from it.
    #[must_use]
    pub fn has_digital_access(&self) -> bool {
        self.digital_access
    }

    /// The teams that the agent may sign in to, in the order of the set-up; at least one.
    pub fn teams(&self) -> impl ExactSizeIterator<Item = &Team> + '_ {
        self.teams.iter().map(|team| &**team)
    }

    /// Whether the agent may sign in to a team.
    #[must_use]
    pub fn may_sign_in_to(&self, team: &TeamId) -> bool {
        self.teams().any(|own| own.id() == team)
    }

    /// The agent's own profile, which goes before the team's and the site's (R5).
    #[must_use]
    pub fn own_profile(&self) -> Option<&Profile> {
        self.profile.as_deref()
    }
}

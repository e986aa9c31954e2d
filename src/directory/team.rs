//! Where agents work: the teams that they sign in to, and the sites that these belong to.

use std::sync::Arc;

use super::profile::Profile;
use crate::model::{SiteId, TeamId};

/// The place that teams belong to.
#[derive(Debug, Clone)]
pub struct Site {
    pub(super) id: SiteId,
    pub(super) name: String,
    pub(super) profile: Option<Arc<Profile>>,
}

impl Site {
    /// The site's id.
    #[must_use]
    pub fn id(&self) -> &SiteId {
        &self.id
    }

    /// The name that a desk shows.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The profile of agents for whom neither they nor their team have one (R5).
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.profile.as_deref()
    }
}

/// Agents who take work from the same queues.
#[derive(Debug, Clone)]
pub struct Team {
    pub(super) id: TeamId,
    pub(super) name: String,
    pub(super) site: Arc<Site>,
    pub(super) profile: Option<Arc<Profile>>,
}

impl Team {
    /// The team's id.
    #[must_use]
    pub fn id(&self) -> &TeamId {
        &self.id
    }

    /// The name that a desk shows.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The site that the team belongs to.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// The profile of its agents who have none of their own (R5).
    #[must_use]
    pub fn profile(&self) -> Option<&Profile> {
        self.profile.as_deref()
    }
}

//! Queues: where tasks wait for an agent.

use std::sync::Arc;

use chrono::TimeDelta;

use super::search::{Searched, Wanted};
use super::team::Team;
use crate::model::{Channel, QueueId, TeamId};

/// Where tasks wait for an agent of its teams.
#[derive(Debug, Clone)]
pub struct Queue {
    pub(super) id: QueueId,
    pub(super) name: String,
    pub(super) search: Searched,
    pub(super) channels: Vec<Channel>,
    pub(super) teams: Vec<Arc<Team>>,
    pub(super) offer_time: TimeDelta,
}

impl Queue {
    /// The queue's id.
    #[must_use]
    pub fn id(&self) -> &QueueId {
        &self.id
    }

    /// The name that a desk shows.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is one of those that are searched for, by name or by id (R46).
    #[must_use]
    pub fn is_wanted(&self, wanted: &Wanted) -> bool {
        wanted.is_in(&self.search)
    }

    /// The channels whose tasks it takes, in the order of the set-up.
    #[must_use]
    pub fn channels(&self) -> &[Channel] {
        &self.channels
    }

    /// Whether it takes a channel's tasks.
    #[must_use]
    pub fn serves(&self, channel: Channel) -> bool {
        self.channels.contains(&channel)
    }

    /// The teams whose agents take its tasks, in the order of the set-up.
    pub fn teams(&self) -> impl ExactSizeIterator<Item = &Team> + '_ {
        self.teams.iter().map(|team| &**team)
    }

    /// Whether a team's agents take its tasks.
    #[must_use]
    pub fn is_served_by(&self, team: &TeamId) -> bool {
        self.teams().any(|own| own.id() == team)
    }

    /// How long an agent is asked to take one of its tasks: its own time, else the organization's.
    #[must_use]
    pub fn offer_time(&self) -> TimeDelta {
        self.offer_time
    }
}

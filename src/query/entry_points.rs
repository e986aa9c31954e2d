//! The entry points that a conversation can start from (R16, R17).

use serde::{Deserialize, Serialize};

use crate::engine::{Context, Question, Stop, View};
use crate::model::{Channel, EntryPointId};

/// Asks for the entry points of a channel, by name (R16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPoints {
    /// The channel.
    pub channel: Channel,
}

/// One entry point of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryPointAnswer {
    /// Its id.
    pub id: EntryPointId,
    /// Its name.
    pub name: String,
    /// The sender that the customer sees.
    pub sender: String,
    /// Whether it can be picked.
    pub enabled: bool,
}

impl Question for EntryPoints {
    type Answer = Vec<EntryPointAnswer>;

    fn answer(&self, cx: &Context<'_>, _view: &View) -> Result<Vec<EntryPointAnswer>, Stop> {
        let mut list: Vec<EntryPointAnswer> = cx
            .directory()
            .entry_points_on(self.channel)
            .map(|entry_point| EntryPointAnswer {
                id: entry_point.id().clone(),
                name: entry_point.name().to_owned(),
                sender: entry_point.sender().to_owned(),
                enabled: entry_point.is_enabled(),
            })
            .collect();
        list.sort_by(|one, other| one.name.cmp(&other.name).then_with(|| one.id.cmp(&other.id)));
        Ok(list)
    }
}

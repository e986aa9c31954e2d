//! The channels that an agent can use, and every reason why not (R9).

use serde::{Deserialize, Serialize};

use crate::engine::{Context, Question, Stop, View};
use crate::model::{AgentId, Channel, Key};
use crate::policy::{Checks, rules};
use crate::refusal::Refusals;

/// Asks which channels an agent could start a conversation on now (R9).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channels {
    /// The agent.
    pub agent: AgentId,
}

/// One channel, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelAnswer {
    /// The channel.
    pub channel: Channel,
    /// Every reason why not; none where it can be used.
    pub refusals: Option<Refusals>,
}

impl ChannelAnswer {
    /// Whether the channel can be used.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        self.refusals.is_none()
    }
}

impl Question for Channels {
    type Answer = Vec<ChannelAnswer>;

    fn reads(&self, _cx: &Context<'_>) -> Vec<Key> {
        vec![Key::presence(&self.agent)]
    }

    fn answer(&self, cx: &Context<'_>, view: &View) -> Result<Vec<ChannelAnswer>, Stop> {
        let directory = cx.directory();
        let presence = view.presence(&self.agent)?.map(|presence| &**presence);
        let agent = rules::needed_agent(&mut Checks::default(), directory, &self.agent)?;
        let answer = |channel: Channel| {
            let mut checks = Checks::default();
            rules::may_write_first(&mut checks, directory, agent);
            rules::may_use_channel(&mut checks, directory, agent, presence, channel);
            if channel.starts_outbound() {
                rules::some_enabled_entry_point(&mut checks, directory, channel);
            }
            ChannelAnswer { channel, refusals: checks.all_hold().err().map(|refused| *refused.0) }
        };
        Ok(Channel::ALL.into_iter().map(answer).collect())
    }
}

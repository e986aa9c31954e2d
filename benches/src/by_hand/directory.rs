//! The organization, as the floor keeps it.

use std::collections::HashMap;

/// What an agent may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Licence {
    Standard,
    Premium,
}

/// A way to talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Channel {
    Voice,
    Sms,
    Email,
}

/// Somebody who writes to customers.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) licence: Licence,
    pub(crate) digital: bool,
    pub(crate) profile: Option<usize>,
}

/// A group of agents at a site.
#[derive(Debug)]
pub(crate) struct Team {
    pub(crate) profile: Option<usize>,
    pub(crate) site: usize,
}

/// How many conversations at once.
#[derive(Debug)]
pub(crate) struct Profile {
    pub(crate) slots: usize,
    pub(crate) outbound: Option<usize>,
}

/// A number of the organization's own.
#[derive(Debug)]
pub(crate) struct EntryPoint {
    pub(crate) channel: Channel,
    pub(crate) enabled: bool,
}

/// Everything that is set up.
#[derive(Debug)]
pub(crate) struct Directory {
    pub(crate) version: u64,
    pub(crate) digital: bool,
    pub(crate) agents: HashMap<u32, Agent>,
    pub(crate) teams: HashMap<u32, Team>,
    pub(crate) sites: Vec<Option<usize>>,
    pub(crate) profiles: Vec<Profile>,
    pub(crate) entry_points: HashMap<u32, EntryPoint>,
    /// The channels that have an entry point.
    pub(crate) channels: Vec<Channel>,
}

/// The agent without a licence.
pub(crate) const STANDARD: u32 = u32::MAX;

impl Directory {
    /// The organization that is measured with, and so many agents.
    pub(crate) fn with_agents(agents: u32) -> Self {
        let agent = |licence| Agent { licence, digital: licence == Licence::Premium, profile: None };
        let premium = (0..agents).map(|number| (number, agent(Licence::Premium)));
        let entry_point = |channel, enabled| EntryPoint { channel, enabled };
        Self {
            version: 1,
            digital: true,
            agents: premium.chain([(STANDARD, agent(Licence::Standard))]).collect(),
            teams: [(1, Team { profile: None, site: 0 })].into(),
            sites: vec![Some(0)],
            profiles: vec![Profile { slots: 5, outbound: Some(5) }],
            entry_points: [
                (1, entry_point(Channel::Sms, true)),
                (2, entry_point(Channel::Sms, false)),
                (3, entry_point(Channel::Email, true)),
            ]
            .into(),
            channels: vec![Channel::Sms, Channel::Email],
        }
    }

    /// The profile of the agent, of the team signed in to, or of the team's site.
    pub(crate) fn profile(&self, agent: &Agent, team: Option<u32>) -> Option<&Profile> {
        let of_team = || {
            let team = self.teams.get(&team?)?;
            team.profile.or_else(|| self.sites.get(team.site).copied().flatten())
        };
        self.profiles.get(agent.profile.or_else(of_team)?)
    }
}

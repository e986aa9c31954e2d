//! People by what they can do. The directory has every reference resolved, so each question is one line over it.

use outbound::directory::{Agent, Directory, EntryPoint, Licence, Team};
use outbound::model::{Channel, MediaClass};

/// A customer of the story.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    number: &'static str,
    mail: &'static str,
}

pub(crate) const MARIA: Person = Person { name: "Maria", number: "+351 912 345 678", mail: "Maria.Silva@example.com" };
pub(crate) const OTHERS: [Person; 6] = [
    Person { name: "João", number: "+55 11 91234-5678", mail: "joao@example.com" },
    Person { name: "Chloé", number: "+33 6 12 34 56 78", mail: "chloe@example.com" },
    Person { name: "Oliver", number: "+44 7400 123456", mail: "oliver@example.com" },
    Person { name: "Lucía", number: "+34 612 34 56 78", mail: "lucia@example.com" },
    Person { name: "Jonas", number: "+49 1512 3456789", mail: "jonas@example.com" },
    Person { name: "Giulia", number: "+39 312 345 6789", mail: "giulia@example.com" },
];

impl Person {
    /// The customer's address on a channel, as an agent would type it.
    pub(crate) const fn on(&self, channel: Channel) -> &'static str {
        match channel {
            Channel::Email => self.mail,
            _ => self.number,
        }
    }
}

/// Whether an agent, signed in to their team, can start conversations on a channel.
pub(crate) fn can_start(directory: &Directory, agent: &Agent, channel: Channel) -> bool {
    let Some(team) = team_of(directory, agent) else { return false };
    directory.organization().has_digital_channels()
        && agent.licence() == Licence::Premium
        && agent.has_digital_access()
        && open_entry_point(directory, channel).is_some()
        && directory
            .profile_for(agent, Some(team.id()))
            .is_some_and(|its| its.profile.outbound_limit(channel.class()) > 0)
}

/// The team that an agent signs in to: the first with a profile for them, else the first.
pub(crate) fn team_of<'a>(directory: &Directory, agent: &'a Agent) -> Option<&'a Team> {
    let equipped = |team: &&Team| directory.profile_for(agent, Some(team.id())).is_some();
    agent.teams().find(equipped).or_else(|| agent.teams().next())
}

/// How many slots of a class an agent has, signed in to their team.
pub(crate) fn slots(directory: &Directory, agent: &Agent, class: MediaClass) -> u8 {
    let team = team_of(directory, agent).map(Team::id);
    directory.profile_for(agent, team).map_or(0, |its| its.profile.limit(class))
}

/// Those who can start conversations on a channel.
pub(crate) fn starters(directory: &Directory, channel: Channel) -> Vec<&Agent> {
    directory.agents().filter(|agent| can_start(directory, agent, channel)).collect()
}

/// An entry point that conversations can start from.
pub(crate) fn open_entry_point(directory: &Directory, channel: Channel) -> Option<&EntryPoint> {
    directory.entry_points_on(channel).find(|entry_point| entry_point.is_enabled())
}

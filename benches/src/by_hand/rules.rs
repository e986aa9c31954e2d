//! The rules of starting, as plain ifs that push into a vector.

use super::directory::{Channel, Directory, Licence};
use super::record::{Contact, Presence, State};

/// Why not, with what a desk would show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    AgentUnknown { agent: u32 },
    LicenceNotPremium { agent: u32, licence: Licence },
    NoDigitalAccess { agent: u32 },
    OrganizationNotDigital,
    ChannelNotOutbound { channel: Channel },
    SignedOut { agent: u32 },
    Idle { agent: u32 },
    ProfileAbsent { agent: u32 },
    ChannelNotAllowed { agent: u32 },
    CapacityFull { used: usize, limit: usize },
    OutboundFull { used: usize, limit: usize },
    NoEntryPoint { channel: Channel },
    EntryPointUnknown { entry_point: u32 },
    OtherChannel { entry_point: u32, found: Channel, channel: Channel },
    EntryPointDisabled { entry_point: u32 },
    AddressOfOtherChannel { channel: Channel },
    OtherCustomer { customer: u128, given: u128 },
    OptedOut { address: u64 },
    Suppressed { until: i64 },
    ConversationExists { conversation: u128 },
}

/// What is asked: may this agent start this conversation?
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start {
    pub(crate) agent: u32,
    pub(crate) channel: Channel,
    pub(crate) entry_point: u32,
    pub(crate) to: (Channel, u64),
    pub(crate) customer: Option<u128>,
    pub(crate) at: i64,
}

/// Everything that speaks against a start.
pub(crate) fn reasons_against(
    start: &Start,
    directory: &Directory,
    presence: Option<&Presence>,
    contact: Option<&Contact>,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    against_agent(start, directory, presence, &mut reasons);
    against_entry_point(start, directory, &mut reasons);
    let (channel, address) = start.to;
    if channel != start.channel {
        reasons.push(Reason::AddressOfOtherChannel { channel });
    }
    if let Some(contact) = contact {
        if let Some(given) = start.customer.filter(|given| *given != contact.customer) {
            reasons.push(Reason::OtherCustomer { customer: contact.customer, given });
        }
        if contact.opted_out {
            reasons.push(Reason::OptedOut { address });
        }
        if let Some(until) = contact.suppressed_until.filter(|until| *until > start.at) {
            reasons.push(Reason::Suppressed { until });
        }
        let thread = contact.threads.iter().find(|thread| thread.entry_point == start.entry_point);
        if let Some(conversation) = thread.and_then(|thread| thread.open) {
            reasons.push(Reason::ConversationExists { conversation });
        }
    }
    reasons
}

fn against_agent(start: &Start, directory: &Directory, presence: Option<&Presence>, reasons: &mut Vec<Reason>) {
    let (agent, channel) = (start.agent, start.channel);
    if channel == Channel::Voice {
        reasons.push(Reason::ChannelNotOutbound { channel });
    }
    let Some(row) = directory.agents.get(&agent) else {
        reasons.push(Reason::AgentUnknown { agent });
        return;
    };
    if row.licence != Licence::Premium {
        reasons.push(Reason::LicenceNotPremium { agent, licence: row.licence });
    }
    if !row.digital {
        reasons.push(Reason::NoDigitalAccess { agent });
    }
    if !directory.digital {
        reasons.push(Reason::OrganizationNotDigital);
    }
    let session = presence.and_then(|presence| presence.session.as_ref());
    match session {
        None => reasons.push(Reason::SignedOut { agent }),
        Some(session) if session.state == State::Idle => reasons.push(Reason::Idle { agent }),
        Some(_) => {}
    }
    let Some(profile) = directory.profile(row, session.map(|session| session.team)) else {
        if session.is_some() {
            reasons.push(Reason::ProfileAbsent { agent });
        }
        return;
    };
    if profile.slots == 0 {
        reasons.push(Reason::ChannelNotAllowed { agent });
        return;
    }
    let held = presence.map_or(&[] as &[_], |presence| &presence.slots);
    let used = held.iter().filter(|slot| slot.channel == channel).count();
    if used >= profile.slots {
        reasons.push(Reason::CapacityFull { used, limit: profile.slots });
    }
    let used = held.iter().filter(|slot| slot.channel == channel && slot.outbound).count();
    if let Some(limit) = profile.outbound.filter(|limit| used >= *limit) {
        reasons.push(Reason::OutboundFull { used, limit });
    }
}

fn against_entry_point(start: &Start, directory: &Directory, reasons: &mut Vec<Reason>) {
    let (entry_point, channel) = (start.entry_point, start.channel);
    if !directory.channels.contains(&channel) {
        reasons.push(Reason::NoEntryPoint { channel });
        return;
    }
    let Some(row) = directory.entry_points.get(&entry_point) else {
        reasons.push(Reason::EntryPointUnknown { entry_point });
        return;
    };
    if row.channel != channel {
        reasons.push(Reason::OtherChannel { entry_point, found: row.channel, channel });
    }
    if !row.enabled {
        reasons.push(Reason::EntryPointDisabled { entry_point });
    }
}

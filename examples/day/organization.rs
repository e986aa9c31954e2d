//! The contact centre: its set-up, built in code, and when its people work.

use chrono::{DateTime, TimeDelta, Utc};
use outbound::directory::setup::{
    AgentSetup, DeliverySetup, EntryPointSetup, IdleReasonSetup, OrganizationSetup, ProfileSetup, QueueSetup, Setup,
    SiteSetup, TeamSetup, TimingsSetup, WrapUpReasonSetup,
};
use outbound::directory::{BlendingMode, ClassLimit, Licence, StateScope};
use outbound::model::{AgentId, Channel, CustomerId, EntryPointId, IdError, PerClass, QueueId, TeamId};

/// How many agents sit together: one team, a number, a mailbox, and a queue for each.
const AGENTS_OF_A_UNIT: usize = 200;

/// How large the contact centre is.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    pub(crate) agents: usize,
    pub(crate) customers: usize,
}

/// One team with its number and its mailbox.
pub(crate) struct Unit {
    pub(crate) team: TeamId,
    pub(crate) number: EntryPointId,
    pub(crate) mailbox: EntryPointId,
    pub(crate) texts: QueueId,
    pub(crate) mails: QueueId,
}

impl Unit {
    fn new(unit: usize) -> Result<Self, IdError> {
        Ok(Self {
            team: format!("team-{unit}").parse()?,
            number: format!("number-{unit}").parse()?,
            mailbox: format!("mailbox-{unit}").parse()?,
            texts: format!("texts-{unit}").parse()?,
            mails: format!("mails-{unit}").parse()?,
        })
    }

    pub(crate) const fn entry_point(&self, channel: Channel) -> &EntryPointId {
        if matches!(channel, Channel::Email) { &self.mailbox } else { &self.number }
    }

    pub(crate) const fn queue(&self, channel: Channel) -> &QueueId {
        if matches!(channel, Channel::Email) { &self.mails } else { &self.texts }
    }
}

impl Size {
    pub(crate) fn units(self) -> usize {
        self.agents.div_ceil(AGENTS_OF_A_UNIT).max(1)
    }

    /// The unit of an agent, or of a customer: each customer knows one number and one mailbox.
    pub(crate) fn unit_of(self, number: usize) -> usize {
        number % self.units()
    }

    pub(crate) fn all_units(self) -> Result<Vec<Unit>, IdError> {
        (0..self.units()).map(Unit::new).collect()
    }

    pub(crate) fn agent_ids(self) -> Result<Vec<AgentId>, IdError> {
        (0..self.agents).map(|number| format!("agent-{number}").parse()).collect()
    }
}

/// The number in `agent-17` or `customer-17`.
pub(crate) fn number_in(id: &str) -> usize {
    id.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or(0)
}

pub(crate) fn customer_id(customer: usize) -> Result<CustomerId, IdError> {
    format!("customer-{customer}").parse()
}

/// What a customer is written to at: a Portuguese mobile number, as typed, or an address.
pub(crate) fn address_of(customer: usize, channel: Channel) -> String {
    match channel {
        Channel::Email => format!("customer-{customer}@mail.example"),
        _ => format!("+351 91 {customer:07}"),
    }
}

/// A number below 100 for each agent, in no order, so that each team has all kinds of people.
const fn lot_of(agent: usize, drawing: u64) -> u64 {
    let mixed = (agent as u64 + 1)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(drawing.wrapping_mul(0xbf58_476d_1ce4_e5b9));
    ((mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33) % 100
}

/// Whether an agent has a slot for one text conversation and one mail, instead of two and one.
const fn is_new(agent: usize) -> bool {
    lot_of(agent, 1) < 20
}

/// How many slots for text messages and mails an agent has.
pub(crate) const fn digital_slots(agent: usize) -> i64 {
    if is_new(agent) { 2 } else { 3 }
}

/// From when to when an agent works: early, in the middle of the day, late, or in one half of the night.
pub(crate) fn shift_of(agent: usize, midnight: DateTime<Utc>) -> (DateTime<Utc>, DateTime<Utc>) {
    let minutes = i64::try_from(lot_of(agent, 2)).unwrap_or(0) * 6 / 5;
    let (begins, length) = match lot_of(agent, 3) {
        0..=39 => (6 * 60 + 30 + minutes, 510),
        40..=64 => (9 * 60 + minutes, 510),
        65..=91 => (13 * 60 + minutes, 510),
        92..=95 => (minutes / 60, 420),
        _ => (20 * 60 + 30 + minutes / 2, 600),
    };
    let begins = midnight + TimeDelta::minutes(begins);
    (begins, begins + TimeDelta::minutes(length))
}

/// How many customers write first in each hour, compared with the others.
pub(crate) const ARRIVALS: [f64; 24] = [
    1.0, 0.7, 0.5, 0.4, 0.5, 0.9, 2.0, 4.5, 7.5, 9.0, 9.5, 8.5, 7.5, 7.5, 8.0, 7.5, 7.0, 6.5, 5.5, 4.5, 3.5, 2.8, 2.2,
    1.5,
];

pub(crate) fn setup(size: Size) -> Result<Setup, IdError> {
    let mut setup = Setup::new(1, organization()?);
    setup.sites = vec![SiteSetup { id: "site".parse()?, name: "Site".into(), profile: None }];
    setup.profiles = vec![profile("experienced", 2)?, profile("new", 1)?];
    for (number, unit) in size.all_units()?.into_iter().enumerate() {
        setup.entry_points.extend(entry_points(number, &unit));
        setup.queues.extend(queues(&unit));
        let profile = Some("experienced".parse()?);
        setup.teams.push(TeamSetup { name: unit.team.to_string(), id: unit.team, site: "site".parse()?, profile });
    }
    setup.wrap_up_reasons = vec![
        WrapUpReasonSetup { id: "none".parse()?, name: "None given".into() },
        WrapUpReasonSetup { id: "solved".parse()?, name: "Solved".into() },
    ];
    for reason in ["declined", "break", "leaving"] {
        setup.idle_reasons.push(IdleReasonSetup { id: reason.parse()?, name: reason.into() });
    }
    for (number, id) in size.agent_ids()?.into_iter().enumerate() {
        setup.agents.push(agent(size, number, id)?);
    }
    Ok(setup)
}

/// Failed attempts are repeated every five minutes at the latest, and for some hours.
fn organization() -> Result<OrganizationSetup, IdError> {
    let delivery = DeliverySetup { max_retry_seconds: 300, max_attempts: 60, ..DeliverySetup::default() };
    let timings = TimingsSetup { delivery, ..TimingsSetup::new("none".parse()?) };
    Ok(OrganizationSetup {
        name: "Day and night".into(),
        ..OrganizationSetup::new("day".parse()?, "texts-0".parse()?, "declined".parse()?, timings)
    })
}

/// A call and mails and texts beside it.
fn profile(name: &str, texts: u8) -> Result<ProfileSetup, IdError> {
    let limits = PerClass {
        voice: ClassLimit::of(1),
        chat: ClassLimit::default(),
        email: ClassLimit::of(1),
        social: ClassLimit { slots: texts, outbound: Some(1) },
    };
    let (blending, states) = (BlendingMode::BlendedRealTime, StateScope::Agent);
    Ok(ProfileSetup { id: name.parse()?, name: name.into(), blending, states, limits })
}

fn queues(unit: &Unit) -> [QueueSetup; 2] {
    // The fallback queue serves every channel.
    let of = |id: &QueueId, channel| QueueSetup {
        id: id.clone(),
        name: id.to_string(),
        channels: if id.as_str() == "texts-0" { vec![Channel::Sms, Channel::Email] } else { vec![channel] },
        teams: vec![unit.team.clone()],
        offer_seconds: Some(20),
    };
    [of(&unit.texts, Channel::Sms), of(&unit.mails, Channel::Email)]
}

fn entry_points(number: usize, unit: &Unit) -> [EntryPointSetup; 2] {
    let of = |id: &EntryPointId, channel, sender, queue: &QueueId| EntryPointSetup {
        id: id.clone(),
        name: id.to_string(),
        channel,
        sender,
        queue: queue.clone(),
        enabled: true,
    };
    [
        of(&unit.number, Channel::Sms, format!("+35193{number:07}"), &unit.texts),
        of(&unit.mailbox, Channel::Email, format!("care-{number}@centre.example"), &unit.mails),
    ]
}

/// One agent in a hundred has the wrong licence, and finds out when trying.
fn agent(size: Size, number: usize, id: AgentId) -> Result<AgentSetup, IdError> {
    Ok(AgentSetup {
        name: id.to_string(),
        id,
        licence: if lot_of(number, 4) == 0 { Licence::Standard } else { Licence::Premium },
        digital_access: true,
        teams: vec![format!("team-{}", size.unit_of(number)).parse()?],
        profile: if is_new(number) { Some("new".parse()?) } else { None },
    })
}

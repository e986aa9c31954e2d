//! The set-up, built in code: many agents with few slots.

use outbound::directory::setup::{
    AgentSetup, EntryPointSetup, IdleReasonSetup, OrganizationSetup, ProfileSetup, QueueSetup, Setup, SiteSetup,
    TeamSetup, TimingsSetup, WrapUpReasonSetup,
};
use outbound::directory::{BlendingMode, ClassLimit, Licence, StateScope};
use outbound::model::{AgentId, Channel, IdError, PerClass};

pub(crate) const AGENTS: usize = 64;
pub(crate) const CUSTOMERS: usize = 40;
pub(crate) const ENTRY_POINTS: [&str; 2] = ["sms_a", "sms_b"];
pub(crate) const QUEUES: [&str; 2] = ["queue_a", "queue_b"];

pub(crate) fn agents() -> impl Iterator<Item = AgentId> {
    (0..AGENTS).filter_map(|number| format!("agent-{number:02}").parse().ok())
}

/// A customer's number, by which the customer is known.
pub(crate) fn number_of(customer: usize) -> String {
    format!("+3519123400{customer:02}")
}

pub(crate) fn setup() -> Result<Setup, IdError> {
    let mut setup = Setup::new(1, organization()?);
    setup.sites = vec![SiteSetup { id: "site".parse()?, name: "Site".into(), profile: None }];
    setup.teams = vec![team("a")?, team("b")?];
    setup.profiles = vec![profile("wide", 3, Some(2))?, profile("narrow", 1, None)?];
    setup.queues = vec![queue("a")?, queue("b")?];
    setup.entry_points = vec![entry_point("a", 1)?, entry_point("b", 2)?];
    setup.wrap_up_reasons = vec![
        WrapUpReasonSetup { id: "none".parse()?, name: "None given".into() },
        WrapUpReasonSetup { id: "done".parse()?, name: "Done".into() },
    ];
    setup.idle_reasons = vec![IdleReasonSetup { id: "declined".parse()?, name: "Declined".into() }];
    setup.agents = agents().enumerate().map(|(number, id)| agent(number, id)).collect::<Result<_, IdError>>()?;
    Ok(setup)
}

/// Offers and wrap-ups last a second, so that many of them lapse while the service is open.
fn organization() -> Result<OrganizationSetup, IdError> {
    let mut timings = TimingsSetup::new("none".parse()?);
    timings.offer_seconds = 1;
    timings.handover_seconds = 1;
    timings.wrap_up.seconds = 1;
    timings.delivery.first_retry_seconds = 1;
    timings.delivery.max_retry_seconds = 1;
    Ok(OrganizationSetup {
        name: "Busy".into(),
        max_transfers: 6,
        ..OrganizationSetup::new("busy".parse()?, "queue_a".parse()?, "declined".parse()?, timings)
    })
}

fn team(name: &str) -> Result<TeamSetup, IdError> {
    let id = format!("team_{name}").parse()?;
    Ok(TeamSetup { id, name: name.into(), site: "site".parse()?, profile: Some("wide".parse()?) })
}

fn profile(name: &str, slots: u8, outbound: Option<u8>) -> Result<ProfileSetup, IdError> {
    let mut limits = PerClass::all(ClassLimit::of(1));
    limits.social = ClassLimit { slots, outbound };
    let (blending, states) = (BlendingMode::Blended, StateScope::Agent);
    Ok(ProfileSetup { id: name.parse()?, name: name.into(), blending, states, limits })
}

fn queue(name: &str) -> Result<QueueSetup, IdError> {
    Ok(QueueSetup {
        id: format!("queue_{name}").parse()?,
        name: name.into(),
        channels: vec![Channel::Sms],
        teams: vec![format!("team_{name}").parse()?],
        offer_seconds: None,
    })
}

fn entry_point(name: &str, number: u8) -> Result<EntryPointSetup, IdError> {
    Ok(EntryPointSetup {
        id: format!("sms_{name}").parse()?,
        name: name.into(),
        channel: Channel::Sms,
        sender: format!("+35191000000{number}"),
        queue: format!("queue_{name}").parse()?,
        enabled: true,
    })
}

/// Every fourth agent has one slot only.
fn agent(number: usize, id: AgentId) -> Result<AgentSetup, IdError> {
    let team = if number.is_multiple_of(2) { "team_a" } else { "team_b" };
    Ok(AgentSetup {
        name: id.to_string(),
        id,
        licence: Licence::Premium,
        digital_access: true,
        teams: vec![team.parse()?],
        profile: if number % 4 == 3 { Some("narrow".parse()?) } else { None },
    })
}

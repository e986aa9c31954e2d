//! Checks a set-up: everything at once, each problem with its place, so that a host mends a document in one go.

mod consent;
mod rows;

use chrono::TimeDelta;

use crate::directory::Directory;
use crate::directory::agent::Agent;
use crate::directory::content::AttachmentRules;
use crate::directory::entry_point::EntryPoint;
use crate::directory::groups::Groups;
use crate::directory::organization::{DeliveryTimings, Organization, Timings, WrapUpTimings};
use crate::directory::problem::{Problem, SetupErrors};
use crate::directory::profile::Profile;
use crate::directory::queue::Queue;
use crate::directory::reason::{IdleReason, WrapUpReason};
use crate::directory::search::Searched;
use crate::directory::setup::{
    AgentSetup, EntryPointSetup, IdleReasonSetup, ProfileSetup, QueueSetup, Setup, SiteSetup, TeamSetup, TimingsSetup,
    WorkflowSetup, WrapUpReasonSetup,
};
use crate::directory::table::Table;
use crate::directory::team::{Site, Team};
use crate::directory::threading::Strangers;
use crate::directory::workflow::Workflow;
use crate::mail::file_name::extension;
use crate::mail::media_type::essence;
use crate::model::{Channel, EmailAddress, MediaClass, Template, TemplateSource};

use self::rows::{At, Found, Row, Rows, rows};

/// The sections of the document, in order.
const SECTIONS: [&str; 11] = [
    "organization",
    SiteSetup::SECTION,
    TeamSetup::SECTION,
    AgentSetup::SECTION,
    ProfileSetup::SECTION,
    EntryPointSetup::SECTION,
    QueueSetup::SECTION,
    TemplateSource::SECTION,
    WrapUpReasonSetup::SECTION,
    IdleReasonSetup::SECTION,
    WorkflowSetup::SECTION,
];

/// Checks and resolves a set-up, what is referred to before what refers to it.
pub(super) fn check(setup: Setup) -> Result<Directory, SetupErrors> {
    let mut found = Found::default();
    let offer_seconds = setup.organization.timings.offer_seconds;
    let profiles = rows(&mut found, &setup.profiles, profile);
    let sites = rows(&mut found, &setup.sites, |at, row| site(at, row, &profiles));
    let teams = rows(&mut found, &setup.teams, |at, row| team(at, row, &sites, &profiles));
    let agents = rows(&mut found, &setup.agents, |at, row| agent(at, row, &teams, &profiles));
    let queues = rows(&mut found, &setup.queues, |at, row| queue(at, row, &teams, offer_seconds));
    let entry_points = rows(&mut found, &setup.entry_points, |at, row| entry_point(at, row, &queues));
    let templates = rows(&mut found, &setup.templates, template);
    let wrap_up_reasons = rows(&mut found, &setup.wrap_up_reasons, |_, row| {
        Some(WrapUpReason { id: row.id.clone(), name: row.name.clone() })
    });
    let idle_reasons =
        rows(&mut found, &setup.idle_reasons, |_, row| Some(IdleReason { id: row.id.clone(), name: row.name.clone() }));
    let workflows = rows(&mut found, &setup.workflows, |_, row| {
        Some(Workflow { id: row.id.clone(), name: row.name.clone(), trigger: row.trigger })
    });
    let at = &mut At { found: &mut found, section: "organization", index: None };
    let organization = organization(at, &setup, &queues, &templates, &idle_reasons, &wrap_up_reasons);

    match (organization, found.problems.is_empty()) {
        (Some(organization), true) => Ok(Directory {
            members: members(&teams.table, &agents.table),
            on_channel: on_channel(&entry_points.table),
            agent_groups: Groups::of(agents.table.iter().map(|agent| &agent.search)),
            queue_groups: Groups::of(queues.table.iter().map(|queue| &queue.search)),
            setup,
            organization,
            teams: teams.table,
            agents: agents.table,
            entry_points: entry_points.table,
            queues: queues.table,
            templates: templates.table,
            wrap_up_reasons: wrap_up_reasons.table,
            idle_reasons: idle_reasons.table,
            workflows: workflows.table,
        }),
        _ => Err(found.in_document_order()),
    }
}

fn organization(
    at: &mut At<'_>,
    setup: &Setup,
    queues: &Rows<Queue>,
    templates: &Rows<Template>,
    idle_reasons: &Rows<IdleReason>,
    wrap_up_reasons: &Rows<WrapUpReason>,
) -> Option<Organization> {
    let row = &setup.organization;
    at.name(&row.name);
    let fallback_queue = at.refer("fallback_queue", queues, &row.fallback_queue);
    if let Some(queue) = &fallback_queue {
        let used = |channel: &Channel| setup.entry_points.iter().any(|row| row.channel == *channel);
        for channel in Channel::ALL.into_iter().filter(|channel| channel.starts_outbound()).filter(used) {
            at.served("fallback_queue", queue, channel);
        }
    }
    if let Some(url) = row.media_base_url.as_ref().filter(|url| !is_https(url)) {
        at.report("media_base_url", Problem::NotHttps(url.clone()));
    }
    let declined_idle_reason = at.refer("declined_idle_reason", idle_reasons, &row.declined_idle_reason);
    let timings = timings(at, &row.timings, wrap_up_reasons);
    at.above_zero("text_limits.max_sms_chars", row.text_limits.max_sms_chars);
    at.above_zero("text_limits.max_sms_segments", row.text_limits.max_sms_segments);
    at.above_zero("text_limits.max_email_bytes", row.text_limits.max_email_bytes);
    attachments(at, &row.attachments);
    at.above_zero("inbound.max_body_bytes", row.inbound.max_body_bytes);
    at.above_zero("inbound.max_attachments", row.inbound.max_attachments);
    let consent = consent::consent(at, &row.consent, templates);
    if let Strangers::Quarantine { queue } = &row.threading.strangers {
        let field = "threading.strangers.quarantine.queue";
        if let Some(queue) = at.refer(field, queues, queue) {
            at.served(field, &queue, Channel::Email);
        }
    }
    Some(Organization {
        id: row.id.clone(),
        name: row.name.clone(),
        digital_channels: row.digital_channels,
        pci: row.pci,
        fallback_queue: fallback_queue?,
        media_base_url: row.media_base_url.clone(),
        conflict_scope: row.conflict_scope,
        subject_reuse: row.subject_reuse,
        max_transfers: row.max_transfers,
        declined_idle_reason: declined_idle_reason?,
        timings: timings?,
        text_limits: row.text_limits,
        html_removal: row.html_removal,
        attachments: row.attachments.clone(),
        inbound: row.inbound,
        consent,
        hours: row.quiet_hours.clone(),
        caps: row.caps.clone(),
        threading: row.threading.clone(),
    })
}

fn attachments(at: &mut At<'_>, rules: &AttachmentRules) {
    at.above_zero("attachments.max_count", rules.max_count);
    at.above_zero("attachments.max_bytes", rules.max_bytes);
    at.above_zero("attachments.max_total_bytes", rules.max_total_bytes);
    for (i, name) in rules.forbidden_extensions.iter().enumerate() {
        if extension(&format!("x.{name}")).as_ref() != Some(name) {
            at.report(format_args!("attachments.forbidden_extensions[{i}]"), Problem::NotAnExtension(name.clone()));
        }
    }
    for (i, name) in rules.forbidden_media_types.iter().enumerate() {
        if essence(name).as_ref() != Some(name) {
            at.report(format_args!("attachments.forbidden_media_types[{i}]"), Problem::NotAMediaType(name.clone()));
        }
    }
}

fn timings(at: &mut At<'_>, row: &TimingsSetup, wrap_up_reasons: &Rows<WrapUpReason>) -> Option<Timings> {
    let offer = at.time("timings.offer_seconds", row.offer_seconds);
    let handover = at.time("timings.handover_seconds", row.handover_seconds);

    let wrap_up = &row.wrap_up;
    let time = at.time("timings.wrap_up.seconds", wrap_up.seconds);
    let default_reason = at.refer("timings.wrap_up.default_reason", wrap_up_reasons, &wrap_up.default_reason);
    let extension = at.time("timings.wrap_up.extension_seconds", wrap_up.extension_seconds);

    let delivery = &row.delivery;
    let lease = at.time("timings.delivery.lease_seconds", delivery.lease_seconds);
    let first_retry = at.time("timings.delivery.first_retry_seconds", delivery.first_retry_seconds);
    let max_retry = at.time("timings.delivery.max_retry_seconds", delivery.max_retry_seconds);
    if (1..delivery.first_retry_seconds).contains(&delivery.max_retry_seconds) {
        let problem =
            Problem::MaxRetryBelowFirst { first: delivery.first_retry_seconds, max: delivery.max_retry_seconds };
        at.report("timings.delivery.max_retry_seconds", problem);
    }
    let expire_after = at.time("timings.delivery.expire_after_seconds", delivery.expire_after_seconds);
    at.above_zero("timings.delivery.max_attempts", delivery.max_attempts.into());

    let max_park = at.time("timings.max_park_seconds", row.max_park_seconds);
    Some(Timings {
        offer,
        handover,
        wrap_up: WrapUpTimings {
            time,
            default_reason: default_reason?,
            extension,
            max_extensions: wrap_up.max_extensions,
        },
        delivery: DeliveryTimings { lease, first_retry, max_retry, expire_after, max_attempts: delivery.max_attempts },
        max_park,
    })
}

fn site(at: &mut At<'_>, row: &SiteSetup, profiles: &Rows<Profile>) -> Option<Site> {
    let profile = at.refer_if_any("profile", profiles, row.profile.as_ref());
    Some(Site { id: row.id.clone(), name: row.name.clone(), profile })
}

fn team(at: &mut At<'_>, row: &TeamSetup, sites: &Rows<Site>, profiles: &Rows<Profile>) -> Option<Team> {
    let site = at.refer("site", sites, &row.site);
    let profile = at.refer_if_any("profile", profiles, row.profile.as_ref());
    Some(Team { id: row.id.clone(), name: row.name.clone(), site: site?, profile })
}

fn agent(at: &mut At<'_>, row: &AgentSetup, teams: &Rows<Team>, profiles: &Rows<Profile>) -> Option<Agent> {
    if row.teams.is_empty() {
        at.report("teams", Problem::NoTeam);
    }
    let teams = at.refer_to_each("teams", teams, &row.teams);
    let profile = at.refer_if_any("profile", profiles, row.profile.as_ref());
    Some(Agent {
        id: row.id.clone(),
        name: row.name.clone(),
        search: Searched::new(&row.name, row.id.as_str()),
        licence: row.licence,
        digital_access: row.digital_access,
        teams,
        profile,
    })
}

fn profile(at: &mut At<'_>, row: &ProfileSetup) -> Option<Profile> {
    for class in MediaClass::ALL {
        let limit = row.limits.get(class);
        let most = if class == MediaClass::Voice { 1 } else { 5 };
        if limit.slots > most {
            at.report(format_args!("limits.{class}.slots"), Problem::TooHigh { value: limit.slots, most });
        }
        let Some(outbound) = limit.outbound else { continue };
        let starts = Channel::ALL.into_iter().any(|channel| channel.class() == class && channel.starts_outbound());
        if !starts {
            at.report(format_args!("limits.{class}.outbound"), Problem::OutboundLimitWithoutOutbound(class));
        } else if outbound > limit.slots {
            let problem = Problem::OutboundAboveSlots { outbound, slots: limit.slots };
            at.report(format_args!("limits.{class}.outbound"), problem);
        }
    }
    Some(Profile {
        id: row.id.clone(),
        name: row.name.clone(),
        blending: row.blending,
        states: row.states,
        limits: row.limits,
    })
}

fn entry_point(at: &mut At<'_>, row: &EntryPointSetup, queues: &Rows<Queue>) -> Option<EntryPoint> {
    let starts = row.channel.starts_outbound();
    if !starts {
        at.report("channel", Problem::NoOutbound(row.channel));
    } else if !check_sender(row.channel, &row.sender) {
        at.report("sender", Problem::NotASender { channel: row.channel, sender: row.sender.clone() });
    }
    let queue = at.refer("queue", queues, &row.queue)?;
    if starts {
        at.served("queue", &queue, row.channel);
    }
    Some(EntryPoint {
        id: row.id.clone(),
        name: row.name.clone(),
        channel: row.channel,
        sender: row.sender.clone(),
        queue,
        enabled: row.enabled,
    })
}

fn queue(at: &mut At<'_>, row: &QueueSetup, teams: &Rows<Team>, offer_seconds: u32) -> Option<Queue> {
    at.once("channels", &row.channels);
    let teams = at.refer_to_each("teams", teams, &row.teams);
    let offer_time = match row.offer_seconds {
        Some(own) => at.time("offer_seconds", own),
        None => seconds(offer_seconds),
    };
    let (id, name, channels) = (row.id.clone(), row.name.clone(), row.channels.clone());
    Some(Queue { search: Searched::new(&name, id.as_str()), id, name, channels, teams, offer_time })
}

fn template(at: &mut At<'_>, row: &TemplateSource) -> Option<Template> {
    match Template::parse(row) {
        Ok(template) => Some(template),
        Err(error) => {
            for (field, problem) in error.into_problems() {
                at.report(field, problem.into());
            }
            None
        }
    }
}

/// Whether a channel can have a sender: for SMS a number, a short code or a name; for e-mail an address.
fn check_sender(channel: Channel, sender: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    match channel {
        Channel::Sms => match sender.strip_prefix('+') {
            Some(number) => digits(number) && (7..=15).contains(&number.len()) && !number.starts_with('0'),
            None if digits(sender) => (3..=8).contains(&sender.len()),
            None => {
                sender.len() <= 11
                    && sender.trim().len() == sender.len()
                    && sender.bytes().any(|b| b.is_ascii_alphabetic())
                    && sender
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-' | b'_' | b'&' | b'+' | b'.'))
            }
        },
        Channel::Email => EmailAddress::parse(sender).is_ok(),
        Channel::Voice | Channel::Chat => false,
    }
}

/// Whether a text is a URL that can stand in an image tag as it is.
fn is_https(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && rest.bytes().all(|b| b.is_ascii_graphic() && !b"\"'<>\\`".contains(&b))
    })
}

fn members(teams: &Table<Team>, agents: &Table<Agent>) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); teams.iter().len()];
    for (place, agent) in agents.iter().enumerate() {
        for team in agent.teams() {
            if let Some(of_team) = teams.place(team.id()).and_then(|team| members.get_mut(team)) {
                of_team.push(place);
            }
        }
    }
    members
}

fn on_channel(entry_points: &Table<EntryPoint>) -> [Vec<usize>; Channel::ALL.len()] {
    Channel::ALL.map(|channel| {
        let places = entry_points.iter().enumerate();
        places.filter(|(_, entry_point)| entry_point.channel() == channel).map(|(place, _)| place).collect()
    })
}

fn seconds(seconds: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(seconds))
}

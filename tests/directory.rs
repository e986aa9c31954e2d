//! The directory: a set-up is checked whole, resolved once, and answers the same ever after.
#![cfg(test)]

use std::collections::BTreeMap;

use chrono::TimeDelta;
use outbound::directory::setup::{
    AgentSetup, EntryPointSetup, IdleReasonSetup, OrganizationSetup, ProfileSetup, QueueSetup, SiteSetup, TeamSetup,
    TimingsSetup, WorkflowSetup, WrapUpReasonSetup,
};
use outbound::directory::{
    AddedKeyword, Agent, AttachmentRules, BlendingMode, CapsSetup, ClassLimit, ConflictScope, ConsentSetup, Directory,
    HoursSetup, HtmlRemoval, InboundLimits, Licence, Problem, ProfileLevel, Queue, QuietMode, Setup, StateScope,
    Strangers, SubjectReuse, TextLimits, ThreadingPolicy, WorkflowTrigger, search,
};
use outbound::model::{
    Channel, MediaClass, PerClass, RenderError, Rendered, Template, TemplateError, TemplateProblem, TemplateSource,
    Variable,
};
use proptest::prelude::*;

/// An id of any kind from a text.
fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().unwrap()
}

fn limits(voice: u8, chat: u8, email: u8, social: u8) -> PerClass<ClassLimit> {
    PerClass {
        voice: ClassLimit::of(voice),
        chat: ClassLimit::of(chat),
        email: ClassLimit::of(email),
        social: ClassLimit::of(social),
    }
}

fn profile(name: &str, blending: BlendingMode, limits: PerClass<ClassLimit>) -> ProfileSetup {
    ProfileSetup { id: id(name), name: name.to_owned(), blending, states: StateScope::Agent, limits }
}

fn agent(name: &str, teams: &[&str], profile: Option<&str>) -> AgentSetup {
    AgentSetup {
        id: id(name),
        name: name.to_owned(),
        licence: Licence::Premium,
        digital_access: true,
        teams: teams.iter().map(|team| id(team)).collect(),
        profile: profile.map(id),
    }
}

fn template(channel: Channel, subject: Option<&str>, body: &str, variables: &[(&str, Option<&str>)]) -> TemplateSource {
    TemplateSource {
        id: id("template"),
        name: "Template".to_owned(),
        channel,
        version: 1,
        subject: subject.map(str::to_owned),
        body: body.to_owned(),
        html: false,
        variables: variables
            .iter()
            .map(|(name, fallback)| Variable { name: (*name).to_owned(), fallback: fallback.map(str::to_owned) })
            .collect(),
    }
}

/// Two sites, three teams, four agents, two queues, an entry point on each channel.
fn valid() -> Setup {
    let organization = OrganizationSetup {
        id: id("acme"),
        name: "Acme".to_owned(),
        digital_channels: true,
        pci: false,
        fallback_queue: id("help"),
        media_base_url: Some("https://media.acme.example/i".to_owned()),
        conflict_scope: ConflictScope::EntryPoint,
        subject_reuse: SubjectReuse::Refuse,
        max_transfers: 11,
        declined_idle_reason: id("declined"),
        timings: TimingsSetup::new(id("other")),
        text_limits: TextLimits::default(),
        html_removal: HtmlRemoval::default(),
        attachments: AttachmentRules::default(),
        inbound: InboundLimits::default(),
        consent: ConsentSetup::default(),
        quiet_hours: HoursSetup::default(),
        caps: CapsSetup::default(),
        threading: ThreadingPolicy::default(),
    };
    let mut outbound = limits(1, 3, 5, 5);
    outbound.social.outbound = Some(2);
    let site =
        |name: &str, profile: Option<&str>| SiteSetup { id: id(name), name: name.to_owned(), profile: profile.map(id) };
    let team = |name: &str, site: &str, profile: Option<&str>| TeamSetup {
        id: id(name),
        name: name.to_owned(),
        site: id(site),
        profile: profile.map(id),
    };
    let queue = |name: &str, teams: &[&str], offer_seconds| QueueSetup {
        id: id(name),
        name: name.to_owned(),
        channels: vec![Channel::Sms, Channel::Email],
        teams: teams.iter().map(|team| id(team)).collect(),
        offer_seconds,
    };
    let entry_point = |name: &str, channel, sender: &str, queue: &str, enabled| EntryPointSetup {
        id: id(name),
        name: name.to_owned(),
        channel,
        sender: sender.to_owned(),
        queue: id(queue),
        enabled,
    };
    Setup {
        version: 7,
        sites: vec![site("lisbon", Some("site-wide")), site("porto", None)],
        teams: vec![
            team("sales", "lisbon", Some("team-wide")),
            team("care", "lisbon", None),
            team("night", "porto", None),
        ],
        agents: vec![
            agent("dora", &["night"], None),
            agent("ana", &["sales", "care"], Some("own")),
            agent("carl", &["care"], None),
            agent("bela", &["sales", "night"], None),
        ],
        profiles: vec![
            profile("own", BlendingMode::Blended, outbound),
            profile("team-wide", BlendingMode::BlendedRealTime, limits(1, 0, 0, 0)),
            profile("site-wide", BlendingMode::Exclusive, limits(0, 0, 1, 1)),
        ],
        entry_points: vec![
            entry_point("sms-main", Channel::Sms, "+351210000000", "help", true),
            entry_point("mail-main", Channel::Email, "hello@acme.example", "vip", true),
            entry_point("sms-code", Channel::Sms, "12345", "vip", false),
        ],
        queues: vec![queue("vip", &["care", "sales"], Some(10)), queue("help", &["night"], None)],
        templates: vec![template(Channel::Sms, None, "Hello {{name}}!", &[("name", None)])],
        wrap_up_reasons: vec![WrapUpReasonSetup { id: id("other"), name: "Other".to_owned() }],
        idle_reasons: vec![IdleReasonSetup { id: id("declined"), name: "Declined".to_owned() }],
        workflows: vec![
            WorkflowSetup { id: id("survey"), name: "Survey".to_owned(), trigger: WorkflowTrigger::Manual },
            WorkflowSetup { id: id("on-close"), name: "On close".to_owned(), trigger: WorkflowTrigger::Event },
        ],
        organization,
    }
}

fn directory() -> Directory {
    Directory::new(valid()).unwrap()
}

/// What breaks a set-up.
type Change = fn(&mut Setup);

/// The problems of the valid set-up after a change.
fn broken(change: impl FnOnce(&mut Setup)) -> Vec<(String, Problem)> {
    let mut setup = valid();
    change(&mut setup);
    let errors = Directory::new(setup).unwrap_err();
    errors.problems().iter().map(|found| (found.path.clone(), found.problem.clone())).collect()
}

fn one(path: &str, problem: Problem) -> Vec<(String, Problem)> {
    vec![(path.to_owned(), problem)]
}

fn dangling(path: &str, kind: &'static str) -> Vec<(String, Problem)> {
    one(path, Problem::Dangling { kind, id: "gone".to_owned() })
}

#[test]
fn a_valid_set_up_is_resolved() {
    let directory = directory();
    assert_eq!(directory.version(), 7);
    let organization = directory.organization();
    assert_eq!(organization.id().as_str(), "acme");
    assert_eq!(organization.name(), "Acme");
    assert!(!organization.is_pci());
    assert_eq!(organization.media_base_url(), Some("https://media.acme.example/i"));
    assert_eq!(organization.conflict_scope(), ConflictScope::EntryPoint);
    assert_eq!(organization.subject_reuse(), SubjectReuse::Refuse);
    assert_eq!(organization.max_transfers(), 11);
    assert_eq!(organization.declined_idle_reason().name(), "Declined");
    assert_eq!(organization.text_limits().max_sms_chars, 1600);
    let timings = organization.timings();
    assert_eq!(timings.offer(), TimeDelta::seconds(30));
    assert_eq!(timings.handover(), TimeDelta::seconds(60));
    assert_eq!(timings.wrap_up().time(), TimeDelta::seconds(60));
    assert_eq!(timings.wrap_up().default_reason().name(), "Other");
    assert_eq!(timings.wrap_up().extension(), TimeDelta::seconds(60));
    assert_eq!(timings.wrap_up().max_extensions(), 1);
    assert_eq!(timings.delivery().lease(), TimeDelta::seconds(60));
    assert_eq!(timings.delivery().first_retry(), TimeDelta::seconds(5));
    assert_eq!(timings.delivery().max_retry(), TimeDelta::hours(1));
    assert_eq!(timings.delivery().expire_after(), TimeDelta::days(1));
    assert_eq!(timings.delivery().max_attempts(), 20);
    assert_eq!(timings.max_park(), TimeDelta::days(30));
    assert_eq!(directory.queue(&id("vip")).map(Queue::offer_time), Some(TimeDelta::seconds(10)));
    assert_eq!(directory.queue(&id("help")).map(Queue::offer_time), Some(TimeDelta::seconds(30)));
    assert_eq!(directory.workflow(&id("survey")).map(|workflow| workflow.trigger()), Some(WorkflowTrigger::Manual));
    assert_eq!(directory.template(&id("template")).map(Template::version), Some(1));
    assert_eq!(directory.wrap_up_reason(&id("other")).map(|reason| reason.name()), Some("Other"));
    assert_eq!(directory.idle_reason(&id("declined")).map(|reason| reason.name()), Some("Declined"));
    assert!(directory.agent(&id("nobody")).is_none());
}

#[test]
fn lists_are_in_id_order() {
    let directory = directory();
    assert_eq!(directory.agents().map(|x| x.id().as_str()).collect::<Vec<_>>(), ["ana", "bela", "carl", "dora"]);
    assert_eq!(directory.teams().map(|x| x.id().as_str()).collect::<Vec<_>>(), ["care", "night", "sales"]);
    assert_eq!(directory.queues().map(|x| x.id().as_str()).collect::<Vec<_>>(), ["help", "vip"]);
    assert_eq!(
        directory.entry_points().map(|x| x.id().as_str()).collect::<Vec<_>>(),
        ["mail-main", "sms-code", "sms-main"]
    );
    assert_eq!(directory.workflows().map(|x| x.id().as_str()).collect::<Vec<_>>(), ["on-close", "survey"]);
    assert_eq!(directory.templates().len(), 1);
    assert_eq!(directory.wrap_up_reasons().len(), 1);
    assert_eq!(directory.idle_reasons().len(), 1);
}

#[test]
fn agents_of_a_queue_are_those_of_all_its_teams_once_in_id_order() {
    let directory = directory();
    let of = |queue: &str| {
        let queue = directory.queue(&id(queue)).unwrap();
        directory.agents_of(queue).map(|agent| agent.id().as_str()).collect::<Vec<_>>()
    };
    assert_eq!(of("vip"), ["ana", "bela", "carl"]);
    assert_eq!(of("help"), ["bela", "dora"]);
}

#[test]
fn a_vanished_entry_point_falls_back() {
    let directory = directory();
    assert_eq!(directory.queue_for(&id("mail-main")).id().as_str(), "vip");
    assert_eq!(directory.queue_for(&id("gone")).id().as_str(), "help");
}

#[test]
fn every_problem_is_reported_at_once_in_document_order() {
    let found = broken(|setup| {
        setup.workflows.push(setup.workflows[0].clone());
        setup.queues[1].teams.push(id("gone"));
        setup.agents[3].teams = vec![id("sales"), id("gone"), id("sales")];
        setup.agents[3].name = " ".to_owned();
        setup.agents.push(agent("ana", &[], Some("gone")));
        setup.teams[1].site = id("gone");
        setup.organization.fallback_queue = id("gone");
        setup.organization.timings.delivery.lease_seconds = 0;
        setup.profiles[0].limits.voice.slots = 2;
    });
    let gone = |kind| Problem::Dangling { kind, id: "gone".to_owned() };
    let taken = |value: &str, first: &str| Problem::Duplicate { value: value.to_owned(), first: first.to_owned() };
    let expected = [
        ("organization.fallback_queue", gone("queue")),
        ("organization.timings.delivery.lease_seconds", Problem::Zero),
        ("teams[1].site", gone("site")),
        ("agents[3].name", Problem::Blank),
        ("agents[3].teams[2]", taken("sales", "agents[3].teams[0]")),
        ("agents[3].teams[1]", gone("team")),
        ("agents[4].id", taken("ana", "agents[1]")),
        ("agents[4].teams", Problem::NoTeam),
        ("agents[4].profile", gone("profile")),
        ("profiles[0].limits.voice.slots", Problem::TooHigh { value: 2, most: 1 }),
        ("queues[1].teams[1]", gone("team")),
        ("workflows[2].id", taken("survey", "workflows[0]")),
    ];
    assert_eq!(found, expected.map(|(path, problem)| (path.to_owned(), problem)));
}

#[test]
fn errors_are_shown_one_a_line() {
    let mut setup = valid();
    setup.organization.fallback_queue = id("gone");
    setup.agents[0].teams.clear();
    setup.templates[0].body = "{{name}} {{other}}".to_owned();
    let errors = Directory::new(setup).unwrap_err();
    assert_eq!(
        errors.to_string(),
        "organization.fallback_queue: there is no queue `gone`\n\
         agents[0].teams: names no team to sign in to\n\
         templates[0].body: the variable `other` is not declared"
    );
}

#[test]
fn references_dangle() {
    let cases: [(Change, &str, &'static str); 11] = [
        (|s| s.organization.fallback_queue = id("gone"), "organization.fallback_queue", "queue"),
        (|s| s.organization.declined_idle_reason = id("gone"), "organization.declined_idle_reason", "idle reason"),
        (
            |s| s.organization.timings.wrap_up.default_reason = id("gone"),
            "organization.timings.wrap_up.default_reason",
            "wrap-up reason",
        ),
        (|s| s.organization.consent.confirmation = Some(id("gone")), "organization.consent.confirmation", "template"),
        (|s| s.sites[0].profile = Some(id("gone")), "sites[0].profile", "profile"),
        (|s| s.teams[2].site = id("gone"), "teams[2].site", "site"),
        (|s| s.teams[2].profile = Some(id("gone")), "teams[2].profile", "profile"),
        (|s| s.agents[1].teams[1] = id("gone"), "agents[1].teams[1]", "team"),
        (|s| s.agents[1].profile = Some(id("gone")), "agents[1].profile", "profile"),
        (|s| s.entry_points[2].queue = id("gone"), "entry_points[2].queue", "queue"),
        (|s| s.queues[0].teams[1] = id("gone"), "queues[0].teams[1]", "team"),
    ];
    for (change, path, kind) in cases {
        assert_eq!(broken(change), dangling(path, kind));
    }
}

#[test]
fn an_id_is_taken_once_in_each_list() {
    let cases: [(Change, &str, &str, &str); 10] = [
        (|s| s.sites.push(s.sites[0].clone()), "sites[2].id", "lisbon", "sites[0]"),
        (|s| s.teams.push(s.teams[1].clone()), "teams[3].id", "care", "teams[1]"),
        (|s| s.agents.push(s.agents[2].clone()), "agents[4].id", "carl", "agents[2]"),
        (|s| s.profiles.push(s.profiles[0].clone()), "profiles[3].id", "own", "profiles[0]"),
        (|s| s.entry_points.push(s.entry_points[1].clone()), "entry_points[3].id", "mail-main", "entry_points[1]"),
        (|s| s.queues.push(s.queues[0].clone()), "queues[2].id", "vip", "queues[0]"),
        (|s| s.templates.push(s.templates[0].clone()), "templates[1].id", "template", "templates[0]"),
        (
            |s| s.wrap_up_reasons.push(s.wrap_up_reasons[0].clone()),
            "wrap_up_reasons[1].id",
            "other",
            "wrap_up_reasons[0]",
        ),
        (|s| s.idle_reasons.push(s.idle_reasons[0].clone()), "idle_reasons[1].id", "declined", "idle_reasons[0]"),
        (|s| s.queues[0].channels.push(Channel::Sms), "queues[0].channels[2]", "sms", "queues[0].channels[0]"),
    ];
    for (change, path, value, first) in cases {
        let problem = Problem::Duplicate { value: value.to_owned(), first: first.to_owned() };
        assert_eq!(broken(change), one(path, problem));
    }
}

#[test]
fn times_and_limits_are_above_zero() {
    let cases: [(Change, &str); 20] = [
        (|s| s.organization.timings.offer_seconds = 0, "organization.timings.offer_seconds"),
        (|s| s.organization.timings.handover_seconds = 0, "organization.timings.handover_seconds"),
        (|s| s.organization.timings.wrap_up.seconds = 0, "organization.timings.wrap_up.seconds"),
        (|s| s.organization.timings.wrap_up.extension_seconds = 0, "organization.timings.wrap_up.extension_seconds"),
        (|s| s.organization.timings.delivery.lease_seconds = 0, "organization.timings.delivery.lease_seconds"),
        (
            |s| s.organization.timings.delivery.first_retry_seconds = 0,
            "organization.timings.delivery.first_retry_seconds",
        ),
        (|s| s.organization.timings.delivery.max_retry_seconds = 0, "organization.timings.delivery.max_retry_seconds"),
        (
            |s| s.organization.timings.delivery.expire_after_seconds = 0,
            "organization.timings.delivery.expire_after_seconds",
        ),
        (|s| s.organization.timings.delivery.max_attempts = 0, "organization.timings.delivery.max_attempts"),
        (|s| s.organization.timings.max_park_seconds = 0, "organization.timings.max_park_seconds"),
        (|s| s.organization.text_limits.max_sms_chars = 0, "organization.text_limits.max_sms_chars"),
        (|s| s.organization.text_limits.max_sms_segments = 0, "organization.text_limits.max_sms_segments"),
        (|s| s.organization.text_limits.max_email_bytes = 0, "organization.text_limits.max_email_bytes"),
        (|s| s.organization.attachments.max_count = 0, "organization.attachments.max_count"),
        (|s| s.organization.attachments.max_bytes = 0, "organization.attachments.max_bytes"),
        (|s| s.organization.attachments.max_total_bytes = 0, "organization.attachments.max_total_bytes"),
        (|s| s.organization.inbound.max_body_bytes = 0, "organization.inbound.max_body_bytes"),
        (|s| s.organization.inbound.max_attachments = 0, "organization.inbound.max_attachments"),
        (|s| s.organization.consent.suppress_days = 0, "organization.consent.suppress_days"),
        (|s| s.queues[0].offer_seconds = Some(0), "queues[0].offer_seconds"),
    ];
    for (change, path) in cases {
        assert_eq!(broken(change), one(path, Problem::Zero));
    }
    assert_eq!(
        broken(|s| s.organization.timings.delivery.max_retry_seconds = 4),
        one("organization.timings.delivery.max_retry_seconds", Problem::MaxRetryBelowFirst { first: 5, max: 4 })
    );
}

#[test]
fn r25_forbidden_types_are_written_as_they_are_compared() {
    for wrong in [".exe", "EXE", "", " exe", "tar.gz", "exe."] {
        let errors = broken(|s| s.organization.attachments.forbidden_extensions = vec!["js".into(), wrong.into()]);
        assert_eq!(
            errors,
            one("organization.attachments.forbidden_extensions[1]", Problem::NotAnExtension(wrong.into()))
        );
    }
    for wrong in ["exe", "", "Text/HTML", "text/html; charset=utf-8", "text /html", "a/b/c"] {
        let errors = broken(|s| s.organization.attachments.forbidden_media_types = vec![wrong.into()]);
        assert_eq!(
            errors,
            one("organization.attachments.forbidden_media_types[0]", Problem::NotAMediaType(wrong.into()))
        );
    }
}

#[test]
fn r25_a_placeholder_stands_where_a_value_can_be_escaped() {
    let parse = |body: &str| {
        let variables = [("x", None)];
        Template::parse(&TemplateSource { html: true, ..template(Channel::Email, None, body, &variables) })
    };
    for fine in [
        "<p>{{x}}</p>",
        "<a href=\"https://a.example/{{x}}\">x</a>",
        "<a title='a > {{x}}'>x</a>",
        "<p>a < {{x}}</p>",
        "<!-- {{x}} --> {{x}}",
        "<style>a {{{{ }}}}</style>{{x}}",
    ] {
        assert!(parse(fine).is_ok(), "{fine}");
    }
    for wrong in [
        "<a href={{x}}>x</a>",
        "<a href=https://a.example/{{x}}>x</a>",
        "<a {{x}}>x</a>",
        "<a x{{x}}=\"y\">x</a>",
        "<{{x}}>",
        "<p{{x}}>",
        "<script>let a = '{{x}}';</script>",
        "<style>p { color: {{x}} }</style>",
    ] {
        let errors = parse(wrong).unwrap_err();
        let problems: Vec<_> = errors.problems().collect();
        assert!(matches!(problems[..], [("body", TemplateProblem::NotEscapable(_))]), "{wrong}: {problems:?}");
    }
}

#[test]
fn r25_a_template_has_no_blank_subject() {
    let errors = Template::parse(&template(Channel::Email, Some("  "), "hi", &[])).unwrap_err();
    assert_eq!(errors.problems().collect::<Vec<_>>(), [("subject", &TemplateProblem::Blank)]);
}

#[test]
fn media_are_hosted_over_https() {
    for url in ["http://acme.example", "https://", "https:///x", "https://a b", "https://a\"b", "ftp://x", ""] {
        let found = broken(|s| s.organization.media_base_url = Some(url.to_owned()));
        assert_eq!(found, one("organization.media_base_url", Problem::NotHttps(url.to_owned())));
    }
    let mut setup = valid();
    setup.organization.media_base_url = None;
    assert!(Directory::new(setup).is_ok());
}

#[test]
fn r02_entry_points_are_on_channels_that_start_outbound() {
    for channel in [Channel::Voice, Channel::Chat] {
        let found = broken(|s| s.entry_points[0].channel = channel);
        assert_eq!(found, one("entry_points[0].channel", Problem::NoOutbound(channel)));
    }
}

#[test]
fn entry_points_have_a_sender_of_their_channel() {
    let fits = |channel: Channel, sender: &str| {
        let mut setup = valid();
        setup.entry_points[0].channel = channel;
        setup.entry_points[0].sender = sender.to_owned();
        match Directory::new(setup) {
            Ok(_) => true,
            Err(errors) => {
                assert_eq!(errors.problems().len(), 1, "{errors}");
                assert_eq!(errors.problems()[0].path, "entry_points[0].sender");
                assert_eq!(errors.problems()[0].problem, Problem::NotASender { channel, sender: sender.to_owned() });
                false
            }
        }
    };
    for sender in ["+351210000000", "+15550100", "123", "12345678", "ACME", "Acme Bank 1", "A"] {
        assert!(fits(Channel::Sms, sender), "{sender}");
    }
    for sender in [
        "",
        "+",
        "+0123456789",
        "+1234567890123456",
        "+35121000000a",
        "12",
        "123456789",
        "Twelve chars",
        " ACME",
        "Açme",
    ] {
        assert!(!fits(Channel::Sms, sender), "{sender}");
    }
    assert!(fits(Channel::Email, "hello@acme.example"));
    for sender in ["", "acme.example", "@acme.example", "hello@", "a@b@c", "he llo@acme.example", "+351210000000"] {
        assert!(!fits(Channel::Email, sender), "{sender}");
    }
}

#[test]
fn b7_strangers_wait_in_a_queue_that_is_there_and_serves_mail() {
    let waiting = |setup: &mut Setup, queue: &str| {
        setup.organization.threading.strangers = Strangers::Quarantine { queue: id(queue) };
    };
    let field = "organization.threading.strangers.quarantine.queue";
    assert_eq!(broken(|s| waiting(s, "gone")), dangling(field, "queue"));
    let lacks = Problem::QueueLacksChannel { queue: id("texts"), channel: Channel::Email };
    let texts = |s: &mut Setup| {
        let queue =
            QueueSetup { id: id("texts"), name: "Texts".into(), channels: vec![Channel::Sms], ..s.queues[0].clone() };
        s.queues.push(queue);
        waiting(s, "texts");
    };
    assert_eq!(broken(texts), one(field, lacks));
    let mut setup = valid();
    waiting(&mut setup, "help");
    let written = serde_json::to_value(&setup.organization.threading).unwrap();
    assert_eq!(written["strangers"], serde_json::json!({ "quarantine": { "queue": "help" } }));
    let policy = Directory::new(setup).unwrap().organization().threading().clone();
    assert_eq!(policy.strangers, Strangers::Quarantine { queue: id("help") });
}

#[test]
fn queues_serve_the_channels_they_get() {
    let lacks = |queue: &str, channel| Problem::QueueLacksChannel { queue: id(queue), channel };
    assert_eq!(
        broken(|s| s.queues[0].channels = vec![Channel::Voice, Channel::Sms]),
        one("entry_points[1].queue", lacks("vip", Channel::Email))
    );
    assert_eq!(
        broken(|s| s.queues[1].channels = vec![]),
        [
            ("organization.fallback_queue".to_owned(), lacks("help", Channel::Email)),
            ("organization.fallback_queue".to_owned(), lacks("help", Channel::Sms)),
            ("entry_points[0].queue".to_owned(), lacks("help", Channel::Sms)),
        ]
    );
    let mut without_mail = valid();
    without_mail.entry_points.remove(1);
    without_mail.queues[1].channels = vec![Channel::Sms];
    assert!(Directory::new(without_mail).is_ok());
}

#[test]
fn r03_licence_and_channel_access_are_told_apart() {
    let mut setup = valid();
    setup.agents[0].licence = Licence::Standard;
    setup.agents[1].digital_access = false;
    let directory = Directory::new(setup).unwrap();
    let of = |name: &str| directory.agent(&id(name)).map(|agent| (agent.licence(), agent.has_digital_access()));
    assert_eq!(of("dora"), Some((Licence::Standard, true)));
    assert_eq!(of("ana"), Some((Licence::Premium, false)));
}

#[test]
fn r04_digital_channels_are_switched_on_by_the_organization() {
    for digital_channels in [true, false] {
        let mut setup = valid();
        setup.organization.digital_channels = digital_channels;
        assert_eq!(Directory::new(setup).unwrap().organization().has_digital_channels(), digital_channels);
    }
}

#[test]
fn r05_profile_resolves_agent_then_team_then_site() {
    let directory = directory();
    let resolve = |agent: &str, team: Option<&str>| {
        let team = team.map(id);
        let resolved = directory.profile_for(directory.agent(&id(agent)).unwrap(), team.as_ref());
        resolved.map(|resolved| (resolved.profile.id().as_str(), resolved.level))
    };
    assert_eq!(resolve("ana", Some("sales")), Some(("own", ProfileLevel::Agent)));
    assert_eq!(resolve("ana", None), Some(("own", ProfileLevel::Agent)));
    assert_eq!(resolve("bela", Some("sales")), Some(("team-wide", ProfileLevel::Team)));
    assert_eq!(resolve("carl", Some("care")), Some(("site-wide", ProfileLevel::Site)));
    assert_eq!(resolve("bela", Some("night")), None);
    assert_eq!(resolve("bela", Some("gone")), None);
    assert_eq!(resolve("bela", None), None);
}

#[test]
fn r05_teams_are_those_that_an_agent_may_sign_in_to() {
    let directory = directory();
    let ana: &Agent = directory.agent(&id("ana")).unwrap();
    assert_eq!(ana.teams().map(|team| team.name()).collect::<Vec<_>>(), ["sales", "care"]);
    assert!(ana.may_sign_in_to(&id("care")));
    assert!(!ana.may_sign_in_to(&id("night")));
    assert_eq!(ana.own_profile().map(|profile| profile.name()), Some("own"));
    assert!(directory.queue(&id("vip")).unwrap().is_served_by(&id("care")));
    assert_eq!(directory.team(&id("care")).unwrap().site().id().as_str(), "lisbon");
}

#[test]
fn r12_limits_are_in_range() {
    for (class, most) in
        [(MediaClass::Voice, 1), (MediaClass::Chat, 5), (MediaClass::Email, 5), (MediaClass::Social, 5)]
    {
        let mut setup = valid();
        setup.profiles[0].limits = PerClass::default();
        setup.profiles[0].limits.get_mut(class).slots = most;
        assert_eq!(Directory::new(setup).map(|_| ()), Ok(()));
        let found = broken(|s| {
            s.profiles[0].limits = PerClass::default();
            s.profiles[0].limits.get_mut(class).slots = most + 1;
        });
        assert_eq!(
            found,
            one(&format!("profiles[0].limits.{class}.slots"), Problem::TooHigh { value: most + 1, most })
        );
    }
    assert_eq!(
        broken(|s| s.profiles[2].limits.email.outbound = Some(2)),
        one("profiles[2].limits.email.outbound", Problem::OutboundAboveSlots { outbound: 2, slots: 1 })
    );
    for class in [MediaClass::Voice, MediaClass::Chat] {
        assert_eq!(
            broken(|s| s.profiles[0].limits.get_mut(class).outbound = Some(0)),
            one(&format!("profiles[0].limits.{class}.outbound"), Problem::OutboundLimitWithoutOutbound(class))
        );
    }
}

#[test]
fn r12_outbound_has_all_the_slots_or_its_own_limit() {
    let directory = directory();
    let own = directory.agent(&id("ana")).and_then(|agent| agent.own_profile()).unwrap();
    assert_eq!((own.limit(MediaClass::Social), own.outbound_limit(MediaClass::Social)), (5, 2));
    assert!(own.has_outbound_limit(MediaClass::Social));
    assert_eq!((own.limit(MediaClass::Email), own.outbound_limit(MediaClass::Email)), (5, 5));
    assert!(!own.has_outbound_limit(MediaClass::Email));
    assert_eq!(own.blending(), BlendingMode::Blended);
    assert_eq!(own.states(), StateScope::Agent);
    let team_wide = directory.team(&id("sales")).and_then(|team| team.profile()).unwrap();
    assert_eq!((team_wide.limit(MediaClass::Email), team_wide.outbound_limit(MediaClass::Email)), (0, 0));
}

#[test]
fn r17_a_channel_may_have_no_entry_point() {
    let mut setup = valid();
    setup.entry_points.clear();
    let empty = Directory::new(setup).unwrap();
    for channel in Channel::ALL {
        assert_eq!(empty.entry_points_on(channel).count(), 0);
    }
    let directory = directory();
    let on =
        |channel| directory.entry_points_on(channel).map(|x| (x.id().as_str(), x.is_enabled())).collect::<Vec<_>>();
    assert_eq!(on(Channel::Sms), [("sms-code", false), ("sms-main", true)]);
    assert_eq!(on(Channel::Email), [("mail-main", true)]);
    assert_eq!(on(Channel::Voice), []);
}

#[test]
fn r24_blending_permits_offers() {
    use BlendingMode::{Blended, BlendedRealTime, Exclusive};
    use MediaClass::{Chat, Email, Social, Voice};
    // Which classes (voice, chat, email, social) may be offered.
    let table: [(BlendingMode, &[MediaClass], [bool; 4]); 12] = [
        (Blended, &[], [true, true, true, true]),
        (Blended, &[Voice, Chat, Email, Social], [true, true, true, true]),
        (BlendedRealTime, &[], [true, true, true, true]),
        (BlendedRealTime, &[Voice], [true, false, true, true]),
        (BlendedRealTime, &[Chat, Chat], [false, true, true, true]),
        (BlendedRealTime, &[Voice, Chat], [false, false, true, true]),
        (BlendedRealTime, &[Email, Social], [true, true, true, true]),
        (BlendedRealTime, &[Social, Voice], [true, false, true, true]),
        (Exclusive, &[], [true, true, true, true]),
        (Exclusive, &[Voice], [false, false, false, false]),
        (Exclusive, &[Email], [false, false, false, false]),
        (Exclusive, &[Social, Social], [false, false, false, false]),
    ];
    for (mode, held, permitted) in table {
        let found = MediaClass::ALL.map(|class| mode.permits(class, held.iter().copied()));
        assert_eq!(found, permitted, "{mode:?} {held:?}");
    }
}

fn problems(source: &TemplateSource) -> Vec<(String, TemplateProblem)> {
    let error: TemplateError = Template::parse(source).unwrap_err();
    error.problems().map(|(field, problem)| (field.to_owned(), problem.clone())).collect()
}

fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn render(source: &TemplateSource, pairs: &[(&str, &str)]) -> Result<Rendered, RenderError> {
    Template::parse(source).unwrap().render(&values(pairs))
}

#[test]
fn r25_placeholders_are_filled_in() {
    let table = [
        ("Hello {{name}}!", "Hello Ana!"),
        ("{{ name }}{{name}}", "AnaAna"),
        ("{{  name}}", "Ana"),
        ("{name} {{name}}}", "{name} Ana}"),
        ("{{{{name}}}} {{name}}", "{{name}} Ana"),
        ("{{{{{{name}}}}}}", "{{Ana}}"),
        ("a{b{c} d} {{name}}", "a{b{c} d} Ana"),
        ("olá, {{name}}, é você?", "olá, Ana, é você?"),
    ];
    for (body, expected) in table {
        let rendered = render(&template(Channel::Sms, None, body, &[("name", None)]), &[("name", "Ana")]).unwrap();
        assert_eq!(rendered, Rendered { subject: None, body: expected.to_owned() }, "{body}");
    }
}

#[test]
fn r25_malformed_templates_are_refused() {
    use TemplateProblem::{BadPlaceholder, Blank, LineBreak, NotAName, Unclosed, Undeclared, Unopened, Unused};
    let text = str::to_owned;
    let in_body = |body: &str| problems(&template(Channel::Sms, None, body, &[]));
    assert_eq!(in_body("a {{b"), [(text("body"), Unclosed(text("{{b")))]);
    assert_eq!(in_body("a}} b"), [(text("body"), Unopened(text("}} b")))]);
    assert_eq!(in_body("{{}}"), [(text("body"), BadPlaceholder(text("")))]);
    assert_eq!(in_body("{{Name}}"), [(text("body"), BadPlaceholder(text("Name")))]);
    assert_eq!(in_body("{{first name}}"), [(text("body"), BadPlaceholder(text("first name")))]);
    assert_eq!(in_body("{{{name}}}"), [(text("body"), BadPlaceholder(text("{name")))]);
    assert_eq!(in_body("{{a\n}}"), [(text("body"), BadPlaceholder(text("a\n")))]);
    assert_eq!(
        in_body("{{x}} {{x}} {{y}}"),
        [(text("body"), Undeclared(text("x"))), (text("body"), Undeclared(text("y")))]
    );
    assert_eq!(in_body(" \n"), [(text("body"), Blank)]);

    let all = TemplateSource {
        html: true,
        ..template(
            Channel::Sms,
            Some("{{a}}\r\nBcc: {{gone}}"),
            "{{a}}",
            &[("a", Some("x\ny")), ("b", None), ("a", None), ("Q", None)],
        )
    };
    assert_eq!(
        problems(&all),
        [
            (text("subject"), TemplateProblem::NoSubject(Channel::Sms)),
            (text("subject"), LineBreak),
            (text("subject"), Undeclared(text("gone"))),
            (text("html"), TemplateProblem::NoHtml(Channel::Sms)),
            (text("variables[0].fallback"), LineBreak),
            (text("variables[1].name"), Unused(text("b"))),
            (text("variables[2].name"), TemplateProblem::Twice(text("a"))),
            (text("variables[3].name"), NotAName(text("Q"))),
        ]
    );
    for channel in [Channel::Voice, Channel::Chat] {
        let found = problems(&template(channel, None, "x", &[]));
        assert_eq!(found, [(text("channel"), TemplateProblem::NoOutbound(channel))]);
    }
    assert_eq!(
        broken(|s| s.templates[0].variables.clear()),
        one("templates[0].body", Problem::Template(Undeclared(text("name"))))
    );
}

#[test]
fn r25_messages_show_braces_as_they_are_typed() {
    let shown = |body: &str| Template::parse(&template(Channel::Sms, None, body, &[])).unwrap_err().to_string();
    assert_eq!(shown("{{A}}"), "body: `{{A}}` is no placeholder: a name is made of `a`-`z`, `0`-`9` and `_`");
    assert_eq!(shown("{{a"), "body: no `}}` follows at `{{a`; a literal `{{` is written `{{{{`");
    assert_eq!(shown("a}}"), "body: no `{{` goes before `}}`; a literal `}}` is written `}}}}`");
}

#[test]
fn r25_a_missing_value_is_refused_and_a_fallback_used() {
    let source = template(Channel::Sms, None, "{{a}} {{b}} {{c}}", &[("c", None), ("a", None), ("b", Some("friend"))]);
    let error = render(&source, &[("a", " \t"), ("z", "1"), ("y", "2")]).unwrap_err();
    assert_eq!(error.missing(), ["c", "a"]);
    assert_eq!(error.unknown(), ["y", "z"]);
    assert_eq!(error.to_string(), "no value is given for `c`, `a`; the template has no variable `y`, `z`");
    let body = |pairs: &[(&str, &str)]| render(&source, pairs).unwrap().body;
    assert_eq!(body(&[("a", "1"), ("c", "3")]), "1 friend 3");
    assert_eq!(body(&[("a", "1"), ("b", " "), ("c", "3")]), "1 friend 3");
    assert_eq!(body(&[("a", "1"), ("b", "2"), ("c", "3")]), "1 2 3");
}

#[test]
fn r25_a_value_is_never_expanded_again() {
    let source = template(Channel::Sms, None, "{{a}}-{{b}}", &[("a", None), ("b", None)]);
    assert_eq!(render(&source, &[("a", "{{b}}"), ("b", "{{{{")]).unwrap().body, "{{b}}-{{{{");
}

#[test]
fn r25_html_bodies_escape_values_and_subjects_do_not() {
    let mut source = template(Channel::Email, Some("To {{a}}"), "<b>{{a}}</b> & co", &[("a", Some("<none>"))]);
    let typed = [("a", r#"<i>"O'Neil" & sons</i>"#)];
    assert_eq!(render(&source, &typed).unwrap().body, r#"<b><i>"O'Neil" & sons</i></b> & co"#);
    source.html = true;
    let rendered = render(&source, &typed).unwrap();
    assert_eq!(rendered.subject.as_deref(), Some(r#"To <i>"O'Neil" & sons</i>"#));
    assert_eq!(rendered.body, "<b>&lt;i&gt;&quot;O&#39;Neil&quot; &amp; sons&lt;/i&gt;</b> & co");
    assert_eq!(render(&source, &[]).unwrap().body, "<b>&lt;none&gt;</b> & co");
}

#[test]
fn r25_a_subject_stays_on_one_line() {
    let source = template(Channel::Email, Some("To {{a}}"), "{{a}} {{b}}", &[("a", None), ("b", None)]);
    for bad in ["x\r\nBcc: all@acme.example", "x\ny", "x\ry", "x\u{2028}y", "x\u{85}y", "x\0"] {
        let error = render(&source, &[("a", bad), ("b", "fine\nhere")]).unwrap_err();
        assert_eq!(error.line_breaks(), ["a"]);
        assert!(error.missing().is_empty() && error.unknown().is_empty());
    }
    assert!(render(&source, &[("a", "fine"), ("b", "x\ny")]).is_ok());
}

#[test]
fn r46_search_ignores_case_and_accents() {
    let found = [
        ("João da Conceição", "joao"),
        ("João da Conceição", "CONCEIÇÃO JOÃO"),
        ("joao", "João"),
        ("José Muñoz", "munoz"),
        ("Jürgen Groß", "gross jurgen"),
        ("GROSS", "groß"),
        ("Søren Ærø", "soren aero"),
        ("Łukasz Wójcik", "lukasz wojcik"),
        ("Đorđe Šćepanović", "dorde scepanovic"),
        ("İstanbul", "istanbul"),
        ("Ισμήνη Παπαδόπουλος", "ΠΑΠΑΔΌΠΟΥΛΟΣ"),
        ("Jose\u{301}", "josé"),
        ("Ștefan Țiriac", "stefan tiriac"),
        ("Zoë", "zoe"),
        ("Ana Maria", "  mar   an "),
        ("Ana", ""),
        ("", "  "),
        ("山田太郎", "太郎"),
    ];
    for (haystack, needle) in found {
        assert!(search::matches(haystack, needle), "{needle:?} in {haystack:?}");
    }
    for (haystack, needle) in [("Ana", "anna"), ("Ana Maria", "ana paula"), ("", "a"), ("João", "joan")] {
        assert!(!search::matches(haystack, needle), "{needle:?} in {haystack:?}");
    }
}

#[test]
fn r46_case_counts_for_no_character_at_all() {
    for c in '\0'..=char::MAX {
        let text = c.to_string();
        let folded = search::fold(&text);
        assert_eq!(search::fold(&text.to_lowercase()), folded, "{c:?}");
        assert_eq!(search::fold(&text.to_uppercase()), folded, "{c:?}");
        assert_eq!(search::fold(&folded), folded, "{c:?}");
    }
}

#[test]
fn a_directory_is_written_down_as_its_set_up() {
    let directory = directory();
    let text = serde_json::to_string(&directory).unwrap();
    assert_eq!(serde_json::from_str::<Setup>(&text).unwrap(), valid());
    let again: Directory = serde_json::from_str(&text).unwrap();
    assert_eq!(again, directory);
    assert_eq!(Setup::from(again), valid());
}

#[test]
fn a_short_document_has_the_defaults() {
    let text = r#"{
        "version": 1,
        "organization": {
            "id": "acme", "name": "Acme", "digital_channels": true, "pci": true,
            "fallback_queue": "help", "declined_idle_reason": "declined",
            "timings": { "wrap_up": { "default_reason": "other" }, "delivery": { "max_attempts": 3 } }
        },
        "profiles": [{ "id": "p", "name": "P", "blending": "blended_real_time",
            "limits": { "voice": { "slots": 1 }, "social": { "slots": 4, "outbound": 2 } } }],
        "entry_points": [{ "id": "e", "name": "E", "channel": "sms", "sender": "12345", "queue": "help" }],
        "queues": [{ "id": "help", "name": "Help", "channels": ["sms"], "teams": [] }],
        "templates": [{ "id": "t", "name": "T", "channel": "sms", "version": 2, "body": "Hi" }],
        "wrap_up_reasons": [{ "id": "other", "name": "Other" }],
        "idle_reasons": [{ "id": "declined", "name": "Declined" }]
    }"#;
    let directory: Directory = serde_json::from_str(text).unwrap();
    let setup = directory.setup();
    let mut timings = TimingsSetup::new(id("other"));
    timings.delivery.max_attempts = 3;
    assert_eq!(setup.organization.timings, timings);
    assert_eq!(setup.organization.max_transfers, 11);
    assert_eq!(
        setup.organization.text_limits,
        TextLimits { max_sms_chars: 1600, max_sms_segments: 10, max_email_bytes: 262_144 }
    );
    assert_eq!(setup.organization.conflict_scope, ConflictScope::EntryPoint);
    assert!(setup.entry_points[0].enabled);
    let mut expected = limits(1, 0, 0, 4);
    expected.social.outbound = Some(2);
    assert_eq!(setup.profiles[0].limits, expected);

    let refused =
        |from: &str, to: &str| serde_json::from_str::<Directory>(&text.replace(from, to)).unwrap_err().to_string();
    assert!(refused(r#""version": 1"#, r#""version": 1, "colour": 1"#).contains("unknown field `colour`"));
    assert!(refused(r#""slots": 4"#, r#""slots": 4, "slot": 1"#).contains("unknown field `slot`"));
    assert!(refused(r#""pci": true,"#, "").contains("missing field `pci`"));
    assert!(
        refused(r#""slots": 4"#, r#""slots": 6"#).contains("profiles[0].limits.social.slots: is 6, and 5 is the most")
    );
}

#[test]
fn ten_thousand_agents_are_found_and_listed() {
    let mut setup = valid();
    setup.agents = (0..10_000).map(|i| agent(&format!("agent-{i}"), &["sales", "care"], None)).collect();
    let directory = Directory::new(setup).unwrap();
    assert_eq!(directory.agents_of(directory.queue(&id("vip")).unwrap()).count(), 10_000);
    assert_eq!(directory.agent(&id("agent-777")).map(|agent| agent.id().as_str()), Some("agent-777"));
    assert!(directory.agents().is_sorted_by(|a, b| a.id() < b.id()));
}

/// One part of a template's text, and what it becomes: `Err` is the number of a variable.
fn part() -> impl Strategy<Value = Result<String, usize>> {
    prop_oneof!["[^{}]{0,8}".prop_map(Ok), (0..4usize).prop_map(Err)]
}

/// A value or a fallback: one that shows something begins with `x`.
fn shown_or_blank() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(prop_oneof!["x[^{}]{0,5}", "[ \t\u{e}\u{200b}\u{3164}]{0,3}"])
}

proptest! {
    #[test]
    fn r25_rendering_never_leaves_a_placeholder(
        parts in proptest::collection::vec(part(), 1..12),
        given in proptest::collection::vec(shown_or_blank(), 4),
        fallbacks in proptest::collection::vec(shown_or_blank(), 4),
    ) {
        let body: String = parts.iter().map(|part| part.clone().unwrap_or_else(|i| format!("{{{{v{i}}}}}"))).collect();
        prop_assume!(body.contains(|c: char| c.is_ascii_graphic()));
        let used: Vec<usize> = (0..4).filter(|i| parts.contains(&Err(*i))).collect();
        let names: Vec<String> = used.iter().map(|i| format!("v{i}")).collect();
        let variables: Vec<_> = used.iter().zip(&names).map(|(i, name)| (name.as_str(), fallbacks[*i].as_deref())).collect();
        let template = Template::parse(&template(Channel::Sms, None, &body, &variables)).unwrap();
        let values = used.iter().filter_map(|i| Some((format!("v{i}"), given[*i].clone()?))).collect();
        let value = |i: usize| given[i].clone().filter(|value| value.starts_with('x')).or(fallbacks[i].clone());
        match template.render(&values) {
            Ok(rendered) => {
                prop_assert!(!rendered.body.contains("{{") && !rendered.body.contains("}}"));
                let expected: String = parts.iter().map(|part| part.clone().unwrap_or_else(|i| value(i).unwrap())).collect();
                prop_assert_eq!(rendered.body, expected);
            }
            Err(error) => {
                let missing: Vec<String> = used.iter().filter(|i| value(**i).is_none()).map(|i| format!("v{i}")).collect();
                prop_assert!(!missing.is_empty());
                prop_assert_eq!(error.missing(), &missing[..]);
            }
        }
    }

    #[test]
    fn r25_any_text_is_parsed_or_refused(body in "[{} ab]{0,16}") {
        // Whatever a placeholder could name is declared, so that only the braces decide.
        for variables in [&[][..], &[("a", None)], &[("b", None)], &[("a", None), ("b", None)]] {
            if let Ok(template) = Template::parse(&template(Channel::Sms, None, &body, variables)) {
                let rendered = template.render(&values(&[("a", "1"), ("b", "2")][..0]));
                prop_assert_eq!(rendered.is_ok(), variables.is_empty());
            }
        }
    }

    #[test]
    fn r25_a_value_is_inserted_as_it_is(value in "[{}a ]{1,12}") {
        prop_assume!(!value.trim().is_empty());
        let source = template(Channel::Sms, None, "<{{a}}>", &[("a", None)]);
        prop_assert_eq!(render(&source, &[("a", &value)]).unwrap().body, format!("<{value}>"));
    }

    #[test]
    fn r25_a_doubled_brace_is_literal(text in "[{}a ]{1,12}") {
        prop_assume!(!text.trim().is_empty());
        // Every brace is paired, so that each pair can be written as a double pair.
        let literal = text.replace('{', "{{").replace('}', "}}");
        let body = literal.replace("{{", "{{{{").replace("}}", "}}}}");
        prop_assert_eq!(render(&template(Channel::Sms, None, &body, &[]), &[]).unwrap().body, literal);
    }

    #[test]
    fn r46_search_is_symmetric_under_case_folding(haystack in "\\PC{0,12}", needle in "\\PC{0,4}") {
        let plain = search::matches(&haystack, &needle);
        for folded in [needle.to_lowercase(), needle.to_uppercase()] {
            prop_assert_eq!(search::matches(&haystack, &folded), plain, "needle {:?}", folded);
        }
        for folded in [haystack.to_lowercase(), haystack.to_uppercase()] {
            prop_assert_eq!(search::matches(&folded, &needle), plain, "haystack {:?}", folded);
        }
    }

    #[test]
    fn r46_a_text_is_found_by_its_own_words(text in "\\PC{0,16}") {
        prop_assert!(search::matches(&text, &text));
        for word in text.split_whitespace() {
            prop_assert!(search::matches(&text, word));
        }
    }
}

#[test]
fn b05_a_confirmation_is_for_text_messages_and_needs_no_values() {
    let confirm = |channel, body: &str, variables: &[(&str, Option<&str>)]| {
        let mut setup = valid();
        setup.templates = vec![template(channel, None, body, variables)];
        setup.organization.consent.confirmation = Some(id("template"));
        Directory::new(setup)
    };
    assert!(confirm(Channel::Sms, "No more from us.", &[]).is_ok());
    assert!(confirm(Channel::Sms, "No more, {{name}}.", &[("name", Some("dear customer"))]).is_ok());
    let problem = Problem::NotAConfirmation { template: id("template") };
    for wrong in [
        confirm(Channel::Email, "No more from us.", &[]),
        confirm(Channel::Sms, "No more, {{name}}.", &[("name", None)]),
    ] {
        let errors = wrong.unwrap_err();
        let found: Vec<_> = errors.problems().iter().map(|it| (it.path.as_str(), &it.problem)).collect();
        assert!(found.contains(&("organization.consent.confirmation", &problem)), "{found:?}");
    }
}

#[test]
fn b05_keywords_that_cannot_be_ones_are_reported() {
    use outbound::sms::{Keyword, KeywordError};
    let found = broken(|setup| {
        let keywords = &mut setup.organization.consent.keywords;
        keywords.remove = vec!["Cancel".to_owned(), "nonsense".to_owned(), "CANCEL.".to_owned()];
        let words = ["enough", " ! ", "two\nlines"].map(str::to_owned);
        keywords.add = words.map(|word| AddedKeyword { word, means: Keyword::OptOut }).into();
    });
    let expected = [
        ("organization.consent.keywords.remove[1]", Problem::NotAKeyword("nonsense".to_owned())),
        ("organization.consent.keywords.remove[2]", Problem::NotAKeyword("CANCEL.".to_owned())),
        ("organization.consent.keywords.add[1].word", KeywordError::Blank.into()),
        ("organization.consent.keywords.add[2].word", KeywordError::Lines.into()),
    ];
    assert_eq!(found, expected.map(|(path, problem)| (path.to_owned(), problem)));
}

#[test]
fn b06_hours_and_caps_are_read_from_the_document_and_off_by_default() {
    let organization = directory();
    let organization = organization.organization();
    assert!(Channel::ALL.into_iter().all(|channel| organization.hours().on(channel).is_none()));
    assert_eq!((organization.caps().limits(), organization.caps().keep()), (None, 0));
    let hours: HoursSetup = serde_json::from_str(
        r#"{"mode":"defer","sms":{"windows":[{"from":"21:00","to":"08:00"}]},"assumed_zones":["America/Sao_Paulo"]}"#,
    )
    .unwrap();
    let caps: CapsSetup =
        serde_json::from_str(r#"{"limits":[{"count":3,"within_seconds":86400},{"count":9,"within_seconds":604800}]}"#)
            .unwrap();
    let mut setup = valid();
    (setup.organization.quiet_hours, setup.organization.caps) = (hours, caps);
    let directory = Directory::new(setup).unwrap();
    let organization = directory.organization();
    assert!(organization.hours().on(Channel::Sms).is_some() && organization.hours().on(Channel::Email).is_none());
    assert_eq!((organization.hours().mode, organization.caps().keep()), (QuietMode::Defer, 9));
    let wrong = r#"{"limits":[{"count":0,"within_seconds":60}]}"#;
    assert!(serde_json::from_str::<CapsSetup>(wrong).is_err());
    assert!(serde_json::from_str::<HoursSetup>(r#"{"modes":"defer"}"#).is_err());
}

/// A directory whose agents have these names and ids in their order, and whose queues have them, too.
fn named(names: &[String]) -> Directory {
    let mut setup = valid();
    let ids = (10..).map(|i| format!("{}-{i}", ["Ana", "b", "x ä"][i % 3].replace(' ', "")));
    for (name, own) in names.iter().zip(ids) {
        setup.agents.push(AgentSetup { name: name.clone(), ..agent(&own, &["sales"], None) });
        let channels = vec![Channel::Sms];
        setup.queues.push(QueueSetup {
            id: id(&own),
            name: name.clone(),
            channels,
            teams: vec![],
            offer_seconds: None,
        });
    }
    Directory::new(setup).unwrap()
}

/// Words of letters that many names have, of all lengths, with accents and without.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[abAÉ]{1,5}",
        2 => "[abé]{1,3} [abçß]{1,4}( [ba-]{1,2})?",
        1 => "[ab山田ıΣσ0-3]{1,3}",
        1 => "(an|ana-1|na-|x-|-1|b-)[0-3]?",
        1 => "[ a\u{2003}]{0,2}",
        1 => "\\PC{0,4}",
    ]
}

proptest! {
    #[test]
    fn r46_a_search_finds_what_looking_at_everybody_finds(
        names in proptest::collection::vec(words().prop_map(|words| format!("{words}.")), 0..40),
        search in words(),
        from in 0..41usize,
    ) {
        let directory = named(&names);
        let wanted = search::Wanted::new(&search);
        let agents: Vec<_> = directory.agents().map(Agent::id).collect();
        let nobody = [id("0"), id("b-20x"), id("zz")];
        for after in [None, agents.get(from).copied(), nobody.get(from % 4)] {
            let found: Vec<_> = directory.agents_wanted(&wanted, after).map(Agent::id).collect();
            let behind = directory.agents().filter(|agent| after.is_none_or(|after| agent.id() > after));
            let expected: Vec<_> = behind.filter(|agent| {
                search::matches(agent.name(), &search) || search::matches(agent.id().as_str(), &search)
            }).map(Agent::id).collect();
            prop_assert_eq!(&found, &expected, "{:?} behind {:?}", search, after);
        }
        let found: Vec<_> = directory.queues_wanted(&wanted, None).map(Queue::id).collect();
        let expected: Vec<_> = directory.queues().filter(|queue| queue.is_wanted(&wanted)).map(Queue::id).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn r46_who_is_searched_for_is_found_among_ten_thousand() {
    let mut setup = valid();
    setup.agents = (0..10_000).map(|i| agent(&format!("agent-{i}"), &["sales"], None)).collect();
    setup.agents[4_711].name = "Zoë Conceição".to_owned();
    let directory = Directory::new(setup).unwrap();
    let found = |search: &str, after: Option<&str>| -> Vec<String> {
        let wanted = search::Wanted::new(search);
        let found = directory.agents_wanted(&wanted, after.map(id).as_ref());
        found.map(|agent| agent.id().to_string()).collect()
    };
    for search in ["zoe", "ZOË CONCEICAO", "ç", "zo conc", "4711"] {
        assert_eq!(found(search, None), ["agent-4711"], "{search}");
        assert!(found(search, Some("agent-4711")).is_empty(), "{search}");
    }
    assert_eq!(found("", None).len(), 10_000);
    assert_eq!(found("AGENT-", Some("agent-9998")), ["agent-9999"]);
    assert_eq!(found("t-999", Some("agent-9990")).len(), 9);
    assert!(found("zoe agent", None).is_empty(), "all of it in the name, or all of it in the id");
}

#[test]
fn r16_an_entry_point_is_found_by_the_address_that_something_came_to() {
    let directory = |channel: Channel, sender: &str| {
        let mut setup = valid();
        setup.entry_points.truncate(1);
        (setup.entry_points[0].channel, setup.entry_points[0].sender) = (channel, sender.to_owned());
        Directory::new(setup).unwrap()
    };
    for (channel, sender, here, elsewhere) in [
        (
            Channel::Sms,
            "+351910000001",
            &["+351910000001", "351910000001", " 351910000001 "][..],
            &["+351910000002", "", "+"][..],
        ),
        (Channel::Sms, "ACME", &["ACME", "acme"], &["ACME 2", "A+CME"]),
        (Channel::Sms, "62262", &["62262"], &["6226", "622622"]),
        (
            Channel::Email,
            "care@acme.example",
            &["care@acme.example", "Care@ACME.example", "care+o1token@acme.example", " care@acme.example "],
            &["care@other.example", "careful@acme.example", "care+@other.example", "nobody", ""],
        ),
        (
            Channel::Email,
            "care+vip@acme.example",
            &["care+vip@acme.example", "care+vip+o1t@acme.example"],
            &["care@acme.example", "care+o1t@acme.example"],
        ),
    ] {
        let directory = directory(channel, sender);
        let entry_point = directory.entry_points().next().unwrap();
        for address in here {
            assert!(entry_point.is_reached_at(address), "{sender} by `{address}`");
        }
        for address in elsewhere {
            assert!(!entry_point.is_reached_at(address), "{sender} by `{address}`");
        }
    }
}

//! What the crate promises about its types and texts: how large, how shared, what they never print, what decodes for ever.

#![expect(clippy::panic, clippy::expect_used, reason = "the helpers of tests fail as tests do")]
#![expect(clippy::disallowed_methods, reason = "golden files are rewritten when they are told to")]

mod support;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::mem::size_of;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::TimeDelta;
use outbound::command::{
    AnswerHandover, BeginInteraction, ClaimDispatch, Close, ConsentChange, EndInteraction, InteractionHow, OnConflict,
    Park, ReceiptStatus, ReceiveMessage, RecordAttempt, ReportDelivery, RetryMessage, SendMessage, SetConsent, SetZone,
    SignOut, StartOutbound, Target, Transfer, TriggerWorkflow, Unfinished, WrapUp,
};
use outbound::desk::{AsyncDesk, Desk, Pumped};
use outbound::directory::{ConsentScope, Directory, Setup};
use outbound::engine::{Changes, Context, Explanation, Fault, Guard, Loaded, Next, Reads, Run, Stop, Terms, Write};
use outbound::hours::ZoneId;
use outbound::mail::{MailHeaders, ParsedMail};
use outbound::memory::MemoryStore;
use outbound::model::{
    Address, AgentId, Attachment, Body, By, Cause, Channel, CommandId, Contact, Conversation, ConversationId, Dispatch,
    EmailAddress, Key, Kind, MediaClass, Message, MessageId, NumberPlan, Presence, Private, Recipient, SendResult,
    ShapeOnly, Wording,
};
use outbound::policy::{Ask, HostReason, HostRule};
use outbound::port::{
    Blocking, Clock, Delivery, ErasedAsyncStore, ErasedStore, Failure, ManualClock, MediaHost, NoMedia, Store,
};
use outbound::record::{Entry, Envelope, Event, Outcome, Query, Record, Started, StartedHow, Versioned, World};
use outbound::refusal::{Code, HostCode, HostCodeError, Language, Refusal, Refusals, Retry, Rule};

use crate::support::{Floor, email, id, inbound, provider_of, sms};

fn shared<T: Send + Sync + 'static>() {}

#[test]
fn public_types_are_send_and_sync() {
    shared::<Address>();
    shared::<AgentId>();
    shared::<Changes>();
    shared::<Contact>();
    shared::<Conversation>();
    shared::<Directory>();
    shared::<Desk<MemoryStore, Arc<ManualClock>>>();
    shared::<AsyncDesk<Blocking<MemoryStore>, Arc<ManualClock>>>();
    shared::<Envelope>();
    shared::<ErasedAsyncStore>();
    shared::<ErasedStore>();
    shared::<Explanation>();
    shared::<Failure<std::io::Error>>();
    shared::<Fault>();
    shared::<Loaded>();
    shared::<MemoryStore>();
    shared::<Message>();
    shared::<Outcome>();
    shared::<Presence>();
    shared::<Query>();
    shared::<Reads>();
    shared::<Record>();
    shared::<Refusals>();
    shared::<Setup>();
    shared::<Stop>();
    shared::<Terms>();
    shared::<World>();
    shared::<StartOutbound>();
    shared::<SendMessage>();
    shared::<ReceiveMessage>();
    // A run is moved between threads with its future, and used by one at a time.
    fn moved<T: Send>() {}
    moved::<Run<'static, StartOutbound>>();
    moved::<Next<Started>>();
}

#[test]
fn ports_can_be_had_behind_a_pointer() {
    let store: &dyn Store<Error = std::convert::Infallible> = &MemoryStore::new();
    assert!(store.load(&Reads::default()).is_ok());
    let clock: &dyn Clock = &ManualClock::at(support::start_of_time());
    assert_eq!(clock.now(), support::start_of_time());
    let takes = |dispatch: &Dispatch| SendResult::accepted(provider_of(dispatch.idempotency_key));
    let _: &dyn Delivery = &takes;
    let _: &dyn MediaHost = &NoMedia;
    let _: &dyn NumberPlan = &ShapeOnly;
    let _: &dyn HostRule = &Never;
    let _: Box<dyn std::error::Error + Send + Sync> = Box::new(Failure::Store(std::io::Error::other("x")));
}

/// What is copied and moved in every decision stays small.
#[test]
fn sizes_stay_small() {
    let sizes = [
        ("Key", size_of::<Key>(), 24),
        ("CommandId", size_of::<CommandId>(), 16),
        ("ConversationId", size_of::<ConversationId>(), 16),
        ("MessageId", size_of::<MessageId>(), 16),
        ("AgentId", size_of::<AgentId>(), 32),
        ("Guard", size_of::<Guard>(), 40),
        ("Write", size_of::<Write>(), 56),
        ("Versioned", size_of::<Versioned>(), 24),
        ("Record", size_of::<Record>(), 16),
        ("Entry", size_of::<Entry>(), 56),
        ("Stop", size_of::<Stop>(), 32),
        ("Fault", size_of::<Fault>(), 32),
        ("Result<Started, Stop>", size_of::<Result<Started, Stop>>(), 128),
        ("Result<MessageId, Stop>", size_of::<Result<MessageId, Stop>>(), 40),
        ("Failure<Infallible>", size_of::<Failure<std::convert::Infallible>>(), 40),
        ("Next<Started>", size_of::<Next<Started>>(), 128),
        ("Context", size_of::<Context<'_>>(), 56),
        ("Recipient", size_of::<Recipient>(), 56),
        ("Pumped", size_of::<Pumped>(), 48),
    ];
    let large: Vec<_> = sizes.into_iter().filter(|(_, size, most)| size > most).collect();
    assert!(large.is_empty(), "{large:?}");
}

// ---- What is never printed.

const NUMBER: &str = "+351912345678";
const MAIL: &str = "Rita.Gomes@example.com";
/// Pieces of personal data: none of them may be printed.
const SECRETS: [&str; 9] = [
    "912345678",
    "351912345",
    "Rita.Gomes",
    "rita.gomes",
    "secret words",
    "secret subject",
    "secret value",
    "secret reply",
    "secret.pdf",
];

fn redacted(what: &impl Debug) {
    for text in [format!("{what:?}"), format!("{what:#?}")] {
        for secret in SECRETS {
            assert!(!text.contains(secret), "`{secret}` is printed: {text}");
        }
    }
}

fn attachment() -> Attachment {
    Attachment {
        name: Private::new("secret.pdf".into()),
        media_type: "application/pdf".into(),
        size: 10,
        location: Private::new("https://files.example/secret.pdf".into()),
        content_id: None,
    }
}

#[test]
fn personal_data_is_not_printed() {
    let floor = Floor::new().audited();
    floor.sign_in(&["ana", "bruno"]);
    let start_sms = sms("ana", NUMBER);
    let start_mail = email("ana", MAIL);
    redacted(&(&start_sms, &start_mail));
    let by_text = floor.ok(&start_sms).conversation;
    let by_mail = floor.ok(&start_mail).conversation;
    let mut send =
        SendMessage::new(id("ana"), by_mail, Wording::html("<p>secret words</p>")).with_subject("secret subject");
    send.attachments.push(attachment());
    redacted(&send);
    redacted(&floor.ok(&send));
    let values = [("name", "secret value"), ("order", "secret value")];
    let from_template = SendMessage::new(id("ana"), by_text, Wording::template(id("hello_sms"), values));
    redacted(&from_template);
    redacted(&floor.ok(&from_template));
    let mut reply = inbound("mail_care", MAIL, "in-1", "secret reply");
    reply.subject = Some("Re: secret subject".into());
    reply.attachments.push(attachment());
    redacted(&reply);
    redacted(&floor.ok(&reply));
    redacted(&floor.refused(&sms("bruno", NUMBER)));
    redacted(&floor.refused(&email("bruno", MAIL)));
    redacted(&floor.refused(&StartOutbound { to: "912345678".into(), ..sms("bruno", "") }));
    redacted(&floor.refused(&StartOutbound { to: "+351912345".into(), channel: Channel::Email, ..sms("bruno", "") }));
    redacted(&floor.refused(&email("bruno", "Rita.Gomes@@example.com")));
    redacted(&floor.refused(&SendMessage::new(id("ana"), by_text, Wording::template(id("hello_mail"), values))));
    redacted(&floor.explain(&sms("bruno", NUMBER)));
    let seen = std::sync::Mutex::new(Vec::new());
    let takes = |dispatch: &Dispatch| {
        redacted(dispatch);
        seen.lock().expect("one thread").push(dispatch.to.clone());
        SendResult::accepted(provider_of(dispatch.idempotency_key))
    };
    assert_eq!(floor.desk.deliver_due(floor.id(), &takes, &NoMedia, 10).expect("works").totals().sent, 2);
    assert_eq!(seen.lock().expect("one thread").len(), 2, "though the provider gets them");
    redacted(&floor.world());
    redacted(&floor.events());
    redacted(&floor.desk);
    for versioned in floor.world().records() {
        redacted(versioned);
    }
    let refusals = floor.refused(&sms("bruno", NUMBER));
    redacted(&refusals.to_string());
    let terms = floor.desk.terms();
    let again = sms("ana", "+351912345678");
    let mut run = Run::new(&terms, floor.now(), floor.id(), &again);
    let Next::Load(reads) = run.step() else { panic!("it loads first") };
    redacted(&reads);
    let loaded = floor.desk.store().load(&reads).expect("memory does not fail");
    redacted(&loaded);
    run.supply(loaded);
    redacted(&run);
}

#[test]
fn what_customers_wish_and_why_is_not_printed_whole() {
    let floor = everything();
    let of_consent = |envelope: &&Envelope| matches!(envelope.event, Event::Contact(_) | Event::Customer(_));
    redacted(&floor.events().iter().filter(of_consent).collect::<Vec<_>>());
    redacted(&floor.world().contacts().collect::<Vec<_>>());
    redacted(&floor.world().customers().collect::<Vec<_>>());
    let told = SetConsent::by_host(Channel::Sms, NUMBER, ConsentChange::OptOut);
    redacted(&SetConsent { reason: Some("secret words".parse().expect("a reason")), ..told });
}

#[test]
fn addresses_and_bodies_are_written_down_whole_all_the_same() {
    let text = serde_json::to_string(&inbound("sms_care", NUMBER, "in-1", "secret reply")).expect("it is written");
    assert!(text.contains(NUMBER) && text.contains("secret reply"));
    let read: ReceiveMessage = serde_json::from_str(&text).expect("it is read");
    assert_eq!(read.body, Body::Text(Private::new("secret reply".into())));
    let address = Address::Email(EmailAddress::parse(MAIL).expect("an address"));
    assert!(serde_json::to_string(&address).expect("it is written").contains(MAIL));
}

// ---- Codes.

#[derive(Debug)]
struct Never;

impl HostRule for Never {
    fn code(&self) -> HostCode {
        HostCode::parse("acme.never").expect("a code")
    }

    fn check(&self, _ask: &Ask<'_>, _now: chrono::DateTime<chrono::Utc>) -> Option<HostReason> {
        Some(HostReason { says: "never".into(), remedy: "give up".into(), retry: Retry::Never })
    }
}

#[test]
fn r13_codes_are_unique_and_well_formed() {
    let texts: BTreeSet<&str> = Code::ALL.iter().map(Code::as_str).collect();
    let variants: BTreeSet<&str> = Code::ALL.iter().map(Code::variant).collect();
    assert_eq!((texts.len(), variants.len()), (Code::ALL.len(), Code::ALL.len()));
    for code in Code::ALL {
        let text = code.as_str();
        let word = |word: &str| !word.is_empty() && word.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
        assert!(text.split('.').count() == 2 && text.split('.').all(word), "{text}");
        assert!(matches!(code.rule(), Rule::R(1..=50) | Rule::B(1..=17)), "{text}");
        assert!((400..500).contains(&code.category().http_status()));
        assert_eq!(Code::try_from(text.to_owned()), Ok(code.clone()));
        let json = serde_json::to_string(code).expect("it is written");
        assert_eq!(json, format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Code>(&json).expect("it is read"), *code);
    }
}

#[test]
fn r13_every_code_says_what_is_wrong_and_what_would_help() {
    for code in Code::ALL {
        let refusal = Refusal::new(code.clone(), Vec::new());
        let (says, remedy) = (refusal.says(Language::English), refusal.remedy(Language::English));
        for text in [&says, &remedy] {
            assert!(
                !text.is_empty() && !text.ends_with('.') && text.matches('{').count() == text.matches('}').count(),
                "{code}: {text}"
            );
            let first = text.chars().next().expect("not empty");
            assert!(first.is_lowercase() || first == '`' || first == '{' || text.starts_with("RONA"), "{code}: {text}");
        }
        assert_ne!(says, remedy);
        assert!(refusal.to_string().contains(code.as_str()));
    }
}

#[test]
fn b17_host_codes_are_the_hosts_own() {
    for text in ["acme.vip_only", "acme.a.b", "x.1", "a_b.c_d"] {
        let code = HostCode::parse(text).expect(text);
        assert_eq!(code.as_str(), text);
        let json = serde_json::to_string(&Code::Host(code.clone())).expect("it is written");
        assert_eq!(serde_json::from_str::<Code>(&json).expect("it is read"), Code::Host(code));
    }
    for text in ["", "acme", "acme.", ".acme", "acme..x", "Acme.x", "acme.x y", "acme.é", "acme-x.y", " acme.x"] {
        assert!(matches!(HostCode::parse(text), Err(HostCodeError::Form(_))), "{text}");
    }
    for code in Code::ALL {
        assert!(matches!(HostCode::parse(code.as_str()), Err(HostCodeError::Reserved(_))), "{code}");
        let word = code.as_str().split('.').next().expect("a word");
        let made_up = format!("{word}.of_our_own");
        assert!(HostCode::parse(&made_up).is_err(), "{made_up} could become the library's");
        assert!(serde_json::from_str::<Code>(&format!("\"{made_up}\"")).is_ok(), "a newer build may have written it");
    }
    let rule = Floor::under(Floor::new().desk.terms().with_rule(Never));
    rule.sign_in(&["ana"]);
    let refusals = rule.refuses(&sms("ana", NUMBER), Code::Host(Never.code()));
    assert_eq!(refusals.primary().says(Language::English), "never");
}

// ---- Golden files.

fn golden(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn updating() -> bool {
    std::env::var("UPDATE_GOLDEN").is_ok_and(|value| value == "1")
}

/// The catalogue is an interface: a code that goes or changes its meaning breaks hosts. `UPDATE_GOLDEN=1` writes the file anew.
#[test]
fn the_catalogue_is_as_it_is_written_down() {
    let line = |code: &Code| format!("{code} {} {}\n", code.rule(), format!("{:?}", code.category()).to_lowercase());
    let now: String = Code::ALL.iter().map(line).collect();
    let file = golden("codes.txt");
    if updating() {
        std::fs::write(&file, &now).expect("the file is written");
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    let same = known == now;
    let (known, now): (BTreeSet<&str>, BTreeSet<&str>) = (known.lines().collect(), now.lines().collect());
    let gone: Vec<_> = known.difference(&now).collect();
    let new: Vec<_> = now.difference(&known).collect();
    assert!(gone.is_empty() && new.is_empty(), "gone: {gone:#?}, new: {new:#?}; UPDATE_GOLDEN=1 writes codes.txt anew");
    assert!(same, "the order changed, in which reasons are given; UPDATE_GOLDEN=1 writes codes.txt anew");
}

/// A day in which every kind of event happens.
fn everything() -> Floor {
    let floor =
        Floor::with(|setup| setup.organization.media_base_url = Some("https://media.example/m".into())).audited();
    let (ana, bruno): (AgentId, AgentId) = (id("ana"), id("bruno"));
    floor.sign_in(&["ana", "bruno", "carla"]);
    let by_mail = floor.start_email("ana", MAIL);
    let html = Wording::Html {
        html: Private::new("<p>hello <img src=\"inline:logo\"></p>".into()),
        images: vec![outbound::model::InlineImage {
            name: "logo".into(),
            media_type: "image/png".into(),
            bytes: Private::new(b"\x89PNG\r\n\x1a\n".to_vec()),
        }],
    };
    let mut send = SendMessage::new(ana.clone(), by_mail, html).with_subject("Your order");
    send.attachments.push(attachment());
    floor.ok(&send);
    let by_text = floor.start_sms("ana", NUMBER);
    let values = [("name", "Rita"), ("order", "10")];
    let first = floor.ok(&SendMessage::new(ana.clone(), by_text, Wording::template(id("hello_sms"), values))).message;
    let hasty = SendMessage {
        not_after: Some(floor.now() + TimeDelta::seconds(9)),
        ..SendMessage::new(ana.clone(), by_text, Wording::text("now"))
    };
    floor.ok(&hasty);
    floor.send("ana", by_text, "and this");
    let pump = |result: fn(&Dispatch) -> SendResult| {
        floor.desk.deliver_due(floor.id(), &result, &Hosted, 10).expect("the pump works");
    };
    pump(|_| SendResult::transient(Cause::Busy, "busy"));
    floor.advance(10);
    pump(|it| SendResult::accepted(provider_of(it.idempotency_key)));
    floor.send("ana", by_text, "and that");
    pump(|_| SendResult::permanent(Cause::Blocked, "unknown number"));
    let (entry_point, provider) = (id("sms_care"), provider_of(first));
    floor.ok(&ReportDelivery { entry_point, provider, status: ReceiptStatus::Delivered, problem: None });
    floor.receive_sms("sms_care", NUMBER, "thank you");
    floor.ok(&TriggerWorkflow { agent: ana.clone(), conversation: by_text, workflow: id("refund") });
    floor.transfer("ana", by_text, "bruno");
    floor.pass(31);
    let asked = floor.transfer("ana", by_text, "carla");
    floor.accept("carla", by_text, asked.offer);
    floor.pass(61);
    let ask = || match floor.ok(&StartOutbound { on_conflict: OnConflict::AskHolder, ..sms("ana", NUMBER) }).how {
        StartedHow::HandoverAsked(request) => request,
        how => panic!("{how:?}"),
    };
    for give in [false, true] {
        let request = ask();
        floor.ok(&AnswerHandover { agent: id("carla"), conversation: by_text, request, give });
    }
    let (interaction, class, how) = (id("call-1"), MediaClass::Voice, InteractionHow::Offered);
    floor.ok(&BeginInteraction { agent: ana.clone(), class, interaction, how });
    floor.ok(&EndInteraction { agent: ana.clone(), interaction: id("call-1") });
    let until = floor.now() + TimeDelta::seconds(600);
    floor.ok(&Park { agent: ana.clone(), conversation: by_text, until, queue: None });
    floor.receive_sms("sms_care", NUMBER, "one more thing");
    floor.pass(31);
    floor.ok(&Transfer { agent: ana.clone(), conversation: by_mail, to: Target::Queue(id("care_queue")) });
    floor.ok(&Close { by: By::Host, conversation: by_mail });
    floor.ok(&WrapUp { agent: ana.clone(), conversation: by_mail, reason: id("resolved") });
    floor.refused(&sms("bruno", NUMBER));
    reached_and_not_reached(&floor);
    let headers =
        [("From", "rita@example.com"), ("Message-ID", "<away@example.com>"), ("Auto-Submitted", "auto-replied")];
    let mail = ParsedMail { headers: MailHeaders::from_pairs(headers), ..ParsedMail::default() };
    floor.ok(&ReceiveMessage::from_mail(id("mail_care"), &mail));
    floor.ok(&SignOut { agent: bruno, unfinished: Unfinished::Requeue });
    floor
}

/// Everything that happens to customers who do or do not want messages, at day and at night.
fn reached_and_not_reached(floor: &Floor) {
    let number = "+351912345670";
    floor.change(|setup| {
        let goodbye = r#"{"id":"goodbye","name":"Goodbye","channel":"sms","version":1,"body":"No more from us."}"#;
        setup.templates.push(serde_json::from_str(goodbye).expect("a template"));
        let organization = &mut setup.organization;
        organization.consent.confirmation = Some(id("goodbye"));
        organization.consent.scope = ConsentScope::Organization;
        organization.caps.limits = serde_json::from_str(r#"[{"count":9,"within_seconds":60}]"#).expect("caps");
    });
    floor.sign_in(&["hugo"]);
    let conversation = floor.start_sms("hugo", number);
    let message = floor.send("hugo", conversation, "hello");
    let zone = Some(ZoneId::parse("+01:00").expect("a zone"));
    floor.ok(&SetZone { by: By::Host, channel: Channel::Sms, address: number.into(), zone, customer: None });
    floor.change(|setup| {
        let all_day = r#"{"windows":[{"from":"00:00","to":"13:00"}]}"#;
        setup.organization.quiet_hours.sms = serde_json::from_str(all_day).expect("quiet hours");
    });
    floor.ok(&ClaimDispatch { message });
    floor.advance(4 * 3600);
    floor.ok(&ClaimDispatch { message });
    let result = SendResult::permanent(Cause::NoSuchAddress, "unknown number");
    floor.ok(&RecordAttempt { message, attempt: 1, result });
    floor.receive_sms("sms_care", number, "hello?");
    floor.ok(&RetryMessage::new(id("hugo"), message));
    floor.receive_sms("sms_care", number, "stop");
    floor.advance(1);
    floor.receive_sms("sms_care", number, "start");
    let reason = Some("secret words".parse().expect("a reason"));
    let told = SetConsent::by_host(Channel::Sms, number, ConsentChange::Suppress { until: None });
    floor.ok(&SetConsent { reason, ..told });
}

/// A place where every image is kept.
struct Hosted;

impl MediaHost for Hosted {
    fn host(&self, _image: &outbound::model::HostedImage) -> Result<(), String> {
        Ok(())
    }
}

/// The names of all events, from where they are given.
fn event_names() -> BTreeSet<String> {
    let source = include_str!("../src/record/event.rs");
    let (_, names) = source.split_once("const fn name").expect("the names");
    let (names, _) = names.split_once("impl ").unwrap_or((names, ""));
    let named = names.split("=> \"").skip(1).filter_map(|rest| rest.split('"').next());
    named.map(str::to_owned).collect()
}

/// What was once written decodes for ever, and is written the same again. `UPDATE_GOLDEN=1` adds files for new kinds, and
/// leaves those that are there.
fn decodes_for_ever<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + Debug>(
    folder: &str,
    known: &[(String, T)],
) {
    let place = golden(folder);
    if updating() {
        std::fs::create_dir_all(&place).expect("the folder is made");
        for (name, value) in known {
            let file = place.join(format!("{name}.json"));
            if !file.exists() {
                let text = serde_json::to_string_pretty(value).expect("it is written");
                std::fs::write(file, text + "\n").expect("the file is written");
            }
        }
    }
    let mut read = BTreeSet::new();
    for file in std::fs::read_dir(&place).expect("UPDATE_GOLDEN=1 makes the files") {
        let file = file.expect("a file").path();
        let text = std::fs::read_to_string(&file).expect("the file is read");
        let value: T = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let again = serde_json::to_string_pretty(&value).expect("it is written");
        assert_eq!(again, text.trim_end(), "{}", file.display());
        read.insert(file.file_stem().expect("a name").to_string_lossy().into_owned());
    }
    let lacking: Vec<_> = known.iter().map(|(name, _)| name).filter(|name| !read.contains(*name)).collect();
    assert!(lacking.is_empty(), "without a golden file: {lacking:?}; UPDATE_GOLDEN=1 adds them");
}

#[test]
fn b14_events_decode_for_ever() {
    let floor = everything();
    let mut known: Vec<(String, Envelope)> = Vec::new();
    for envelope in floor.events() {
        let name = envelope.event.name().to_owned();
        if !known.iter().any(|(it, _)| *it == name) {
            known.push((name, envelope));
        }
    }
    let happened: BTreeSet<String> = known.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(happened, event_names(), "the day lacks a kind of event");
    decodes_for_ever("event", &known);
}

#[test]
fn b14_records_decode_for_ever() {
    let floor = everything();
    // The richest of each kind.
    let richest = |kind: Kind| {
        let world = floor.world();
        let of_kind = world.records().filter(|it| it.record.key().kind() == kind);
        let richest = of_kind.max_by_key(|it| serde_json::to_string(it).expect("it is written").len()).cloned();
        (kind.as_str().to_owned(), richest.unwrap_or_else(|| panic!("the day lacks a {}", kind.as_str())))
    };
    let known: Vec<(String, Versioned)> = Kind::ALL.into_iter().map(richest).collect();
    decodes_for_ever("record", &known);
}

#[test]
fn b14_a_feed_read_back_makes_the_world() {
    let floor = everything();
    let text: Vec<String> = floor.events().iter().map(|it| serde_json::to_string(it).expect("it is written")).collect();
    let read: Vec<Envelope> = text.iter().map(|it| serde_json::from_str(it).expect("it is read")).collect();
    assert_eq!(World::from_events(&read), floor.world().with_history());
    assert!(read.iter().any(|it| matches!(it.event, Event::Refused(_))));
}

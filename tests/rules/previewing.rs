//! A message before it is sent says what sending it would say (B3, B5, B6, R25–R34).

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{ConsentChange, SendMessage, SetConsent, SetZone};
use outbound::directory::{ConflictScope, ConsentScope, Directory, QuietMode, Setup, SubjectReuse};
use outbound::engine::Terms;
use outbound::hours::{FixedZones, ZoneId};
use outbound::model::{By, Channel, ConversationId, CustomerId, HoursBasis, InlineImage, Private, ShapeOnly, Wording};
use outbound::port::Failure;
use outbound::query::{MessagePreview, MessagePreviewAnswer};
use outbound::refusal::{Code, Refusals};

use crate::support::{Floor, acme, id};

const NUMBER: &str = "+351912345678";
const MAIL: &str = "rita@example.com";

fn floor_with(change: impl FnOnce(&mut Setup)) -> Floor {
    let mut setup = acme();
    change(&mut setup);
    let floor = Floor::under(Terms::new(Directory::new(setup).unwrap(), ShapeOnly).with_zones(FixedZones));
    floor.sign_in(&["ana", "bruno"]);
    floor
}

/// Nothing by text message from 21:00 to 08:00; it is nine in the morning of Greenwich.
fn night(setup: &mut Setup) {
    setup.organization.quiet_hours.sms =
        serde_json::from_str(r#"{"windows":[{"from":"21:00","to":"08:00"}]}"#).unwrap();
}

fn capped(setup: &mut Setup) {
    setup.organization.caps.limits = serde_json::from_str(r#"[{"count":1,"within_seconds":86400}]"#).unwrap();
}

fn by_text(text: &str) -> MessagePreview {
    MessagePreview::new(id("sms_care"), NUMBER, Wording::text(text))
}

fn by_mail(wording: Wording) -> MessagePreview {
    MessagePreview::new(id("mail_care"), MAIL, wording).with_subject("Your order")
}

fn asked(floor: &Floor, preview: &MessagePreview) -> MessagePreviewAnswer {
    let before = floor.world();
    let answer = floor.desk.ask(preview).unwrap();
    assert!(before.records().eq(floor.world().records()), "asking changes nothing");
    answer
}

fn codes(refusals: Option<&Refusals>) -> Vec<Code> {
    refusals.map(Refusals::codes).unwrap_or_default()
}

fn lives(floor: &Floor, zone: &str) {
    let zone = Some(ZoneId::parse(zone).unwrap());
    floor.ok(&SetZone::by_host(Channel::Sms, NUMBER, zone));
}

fn consent(floor: &Floor, change: ConsentChange) {
    floor.ok(&SetConsent {
        by: By::Host,
        channel: Channel::Sms,
        address: NUMBER.into(),
        change,
        entry_point: None,
        customer: None,
        reason: None,
    });
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn b03_a_preview_needs_no_conversation_and_is_what_will_leave() {
    let floor = floor_with(|_| {});
    let wording = Wording::template(id("hello_mail"), [("name", "<Rita>"), ("order", "7")]);
    let mut preview = by_mail(wording.clone());
    preview.subject = None;
    let answer = asked(&floor, &preview);
    assert_eq!((answer.wording, answer.recipient, answer.conversation), (None, None, None));
    assert_eq!(answer.earliest, Some(floor.now()));
    assert_eq!(answer.to.unwrap().as_text(), MAIL);
    let conversation = floor.start_email("ana", MAIL);
    let sent = floor.ok(&SendMessage::new(id("ana"), conversation, wording));
    assert_eq!(&answer.content.unwrap(), floor.message(sent.message).content());
    // Within the conversation it goes on under its subject.
    let answer = asked(&floor, &MessagePreview { subject: None, ..by_mail(Wording::text("And more")) });
    assert_eq!(answer.conversation, Some(conversation));
    assert_eq!(answer.content.unwrap().subject.unwrap().as_str(), "Order 7");
}

#[test]
fn r25_r34_every_reason_against_what_is_written_is_told() {
    let floor = floor_with(|setup| {
        setup.organization.pci = true;
        setup.organization.media_base_url = None;
    });
    let image =
        InlineImage { name: "logo".into(), media_type: "image/png".into(), bytes: Private::new(vec![0; 15_361]) };
    let html = Private::new(r#"<img src="cid:x">"#.to_owned());
    let answer = asked(&floor, &by_mail(Wording::Html { html, images: vec![image] }));
    let told = codes(answer.wording.as_ref());
    for code in [
        Code::ImageForbidden,
        Code::ImageNoHost,
        Code::ImageTooLarge,
        Code::ImageNotAsDeclared,
        Code::ImageNotShown,
        Code::ContentIdNotSupported,
    ] {
        assert!(told.contains(&code), "{code}: {told:?}");
    }
    assert_eq!((answer.content, answer.recipient), (None, None));
    assert_eq!(answer.earliest, Some(floor.now()), "when is another matter than what");
    let bare = MessagePreview { subject: None, ..by_mail(Wording::text("hello")) };
    assert_eq!(codes(asked(&floor, &bare).wording.as_ref()), [Code::SubjectMissing]);
    let missing = by_mail(Wording::template(id("hello_mail"), [("name", "Rita")]));
    assert_eq!(codes(asked(&floor, &missing).wording.as_ref()), [Code::TemplateVariablesMissing]);
    assert_eq!(codes(asked(&floor, &by_text("hi").with_subject("S")).wording.as_ref()), [Code::MessageEmailOnly]);
}

#[test]
fn r27_a_subject_that_was_used_is_found_however_it_is_written() {
    for (policy, refused) in [(SubjectReuse::Refuse, true), (SubjectReuse::Warn, false)] {
        let floor = floor_with(|setup| setup.organization.subject_reuse = policy);
        let conversation = floor.start_email("ana", MAIL);
        floor.ok(&SendMessage::new(id("ana"), conversation, Wording::text("hello")).with_subject("Your order"));
        let again = by_mail(Wording::text("hello")).with_subject("Re: AW: your  ORDER");
        let answer = asked(&floor, &again);
        assert_eq!((answer.wording.is_none(), answer.warnings.len()), (true, 0), "its own conversation may");
        floor.close("ana", conversation);
        let answer = asked(&floor, &again);
        let reason = if refused { answer.wording.as_ref().map(Refusals::primary) } else { answer.warnings.first() };
        assert_eq!(
            reason.map(|it| (it.code().clone(), it.conversation())),
            Some((Code::SubjectUsed, Some(conversation)))
        );
        assert_eq!(answer.content.is_none(), refused);
        let stranger = MessagePreview { to: "joe@example.com".into(), ..again };
        assert_eq!(asked(&floor, &stranger).wording, None, "it was used with another customer");
    }
}

#[test]
fn r14_r16_what_is_no_recipient_and_no_entry_point_is_told() {
    let floor = floor_with(|_| {});
    let nobody = MessagePreview { to: "912 345 678".into(), ..by_text("hello") };
    let answer = asked(&floor, &nobody);
    assert_eq!(codes(answer.recipient.as_ref()), [Code::AddressNoCountryCode]);
    assert_eq!((answer.to, answer.earliest), (None, None));
    assert!(answer.content.is_some(), "what is another matter than whom");
    let old = MessagePreview { entry_point: id("sms_old"), ..by_text("hello") };
    assert_eq!(codes(asked(&floor, &old).recipient.as_ref()), [Code::EntryPointDisabled]);
    let unknown = MessagePreview { entry_point: id("nope"), ..by_text("hello") };
    let Err(Failure::Refused(refusals)) = floor.desk.ask(&unknown) else { panic!("an unknown entry point") };
    assert_eq!(refusals.codes(), [Code::EntryPointUnknown]);
}

#[test]
fn b05_who_opted_out_has_no_earliest_time_and_who_is_suppressed_the_end_of_that() {
    let floor = floor_with(|_| {});
    let until = floor.now() + TimeDelta::days(3);
    consent(&floor, ConsentChange::Suppress { until: Some(until) });
    let answer = asked(&floor, &by_text("hello"));
    assert_eq!((codes(answer.recipient.as_ref()), answer.earliest), (vec![Code::ConsentSuppressed], Some(until)));
    consent(&floor, ConsentChange::OptOut);
    let answer = asked(&floor, &by_text("hello"));
    assert_eq!(codes(answer.recipient.as_ref()), [Code::ConsentOptedOut, Code::ConsentSuppressed]);
    assert_eq!(answer.earliest, None);
    assert!(answer.content.is_some());
}

#[test]
fn b05_what_was_told_to_the_entry_point_of_the_open_conversation_counts() {
    let floor = floor_with(|setup| setup.organization.conflict_scope = ConflictScope::Address);
    let conversation = floor.start_sms("ana", NUMBER);
    for (told_to, refused) in [("sms_sales", false), ("sms_care", true)] {
        floor.ok(&SetConsent::by_host(Channel::Sms, NUMBER, ConsentChange::OptOut).about(id(told_to)));
        let preview = MessagePreview::new(id("sms_sales"), NUMBER, Wording::text("hello"));
        agree(&floor, conversation, &preview);
        let told = codes(asked(&floor, &preview).recipient.as_ref());
        assert_eq!(told.contains(&Code::ConsentOptedOut), refused, "{told_to}");
    }
}

#[test]
fn r26_a_preview_tells_whose_address_it_is() {
    let floor = floor_with(|_| {});
    assert_eq!(asked(&floor, &by_text("hello")).customer, None, "nobody was ever seen there");
    let named = MessagePreview { customer: Some(id("c-7")), ..by_text("hello") };
    assert_eq!(asked(&floor, &named).customer, Some(id("c-7")));
    let conversation = floor.start_sms("ana", NUMBER);
    let customer = floor.conversation(conversation).customer().clone();
    assert_eq!(asked(&floor, &by_text("hello")).customer, Some(customer.clone()));
    let other = asked(&floor, &named);
    assert_eq!((other.customer, codes(other.recipient.as_ref())), (Some(customer), vec![Code::CustomerMismatch]));
}

#[test]
fn b05_a_customer_whom_the_host_knows_is_asked_after_too() {
    let customer: CustomerId = id("c-7");
    for (scope, refused) in [(ConsentScope::Organization, true), (ConsentScope::Channel, false)] {
        let floor = floor_with(|setup| setup.organization.consent.scope = scope);
        let mut out = SetConsent {
            by: By::Host,
            channel: Channel::Email,
            address: MAIL.into(),
            change: ConsentChange::OptOut,
            entry_point: None,
            customer: Some(customer.clone()),
            reason: None,
        };
        floor.ok(&out);
        assert_eq!(asked(&floor, &by_text("hello")).recipient, None, "nobody says that it is the same customer");
        let known = MessagePreview { customer: Some(customer.clone()), ..by_text("hello") };
        assert_eq!(codes(asked(&floor, &known).recipient.as_ref()).contains(&Code::ConsentOptedOut), refused);
        (out.change, out.customer) = (ConsentChange::OptIn, None);
        floor.ok(&out);
        assert_eq!(asked(&floor, &known).recipient, None);
    }
}

#[test]
fn b06_the_earliest_time_is_by_the_recipients_clock() {
    let floor = floor_with(night);
    lives(&floor, "-03:00");
    let answer = asked(&floor, &by_text("hello"));
    assert_eq!(codes(answer.recipient.as_ref()), [Code::HoursQuiet]);
    assert_eq!(answer.zones, [ZoneId::parse("-03:00").unwrap()]);
    assert_eq!(answer.earliest, Some(time("2026-03-02T11:00:00Z")));
    floor.change(|setup| setup.organization.quiet_hours.mode = QuietMode::Defer);
    let answer = asked(&floor, &by_text("hello"));
    assert_eq!((answer.recipient, answer.earliest), (None, Some(time("2026-03-02T11:00:00Z"))), "it would wait");
    lives(&floor, "UTC");
    assert_eq!(asked(&floor, &by_text("hello")).earliest, Some(floor.now()));
    lives(&floor, "+13:00");
    consent(&floor, ConsentChange::Suppress { until: Some(time("2026-03-05T10:00:00Z")) });
    assert_eq!(asked(&floor, &by_text("hello")).earliest, Some(time("2026-03-05T19:00:00Z")), "opens after both");
}

#[test]
fn b06_the_earliest_time_is_after_the_caps_and_the_night_after_them() {
    let floor = floor_with(|setup| {
        night(setup);
        capped(setup);
    });
    lives(&floor, "UTC");
    let conversation = floor.start_sms("ana", NUMBER);
    floor.send("ana", conversation, "one");
    floor.advance(3600);
    let answer = asked(&floor, &by_text("two"));
    assert_eq!(codes(answer.recipient.as_ref()), [Code::CapsReached]);
    assert_eq!(answer.earliest, Some(time("2026-03-03T09:00:00Z")), "a day after the first");
    lives(&floor, "+12:30");
    let answer = asked(&floor, &by_text("two"));
    assert_eq!(codes(answer.recipient.as_ref()), [Code::HoursQuiet, Code::CapsReached]);
    assert_eq!(answer.earliest, Some(time("2026-03-03T19:30:00Z")), "and there it is night then");
}

#[test]
fn b06_an_answer_that_was_asked_for_goes_at_once() {
    let floor = floor_with(|setup| {
        night(setup);
        capped(setup);
        setup.organization.quiet_hours.answers_exempt_minutes = 60;
        setup.organization.caps.answers_exempt_minutes = 60;
    });
    lives(&floor, "-03:00");
    floor.receive_sms("sms_care", NUMBER, "Where is it?");
    let answer = asked(&floor, &by_text("On its way"));
    assert_eq!((answer.recipient, answer.earliest), (None, Some(floor.now())));
    floor.advance(3600);
    let answer = asked(&floor, &by_text("On its way"));
    assert_eq!(answer.earliest, Some(time("2026-03-02T11:00:00Z")));
}

#[test]
fn b06_the_earliest_time_is_an_answers_only_before_its_exemption_ends() {
    let floor = floor_with(|setup| {
        night(setup);
        capped(setup);
        setup.organization.quiet_hours.answers_exempt_minutes = 60;
        setup.organization.caps.answers_exempt_minutes = 90;
    });
    let conversation = floor.start_sms("ana", NUMBER);
    lives(&floor, "UTC");
    floor.send("ana", conversation, "one");
    floor.receive_sms("sms_care", NUMBER, "Where is it?");
    for (until, zone, earliest) in [
        ("2026-03-02T09:30:00Z", "-03:00", "2026-03-02T09:30:00Z"),
        ("2026-03-02T10:00:00Z", "-03:00", "2026-03-03T11:00:00Z"),
        ("2026-03-02T10:30:00Z", "UTC", "2026-03-03T09:00:00Z"),
    ] {
        lives(&floor, zone);
        consent(&floor, ConsentChange::Suppress { until: Some(time(until)) });
        assert_eq!(asked(&floor, &by_text("On its way")).earliest, Some(time(earliest)), "{until} {zone}");
    }
}

/// What a preview and what sending itself say, in one conversation.
fn agree(floor: &Floor, conversation: ConversationId, preview: &MessagePreview) {
    let answer = asked(floor, preview);
    let mut send = SendMessage::new(id("ana"), conversation, preview.wording.clone());
    send.subject.clone_from(&preview.subject);
    let told: Vec<Code> = codes(answer.recipient.as_ref()).into_iter().chain(codes(answer.wording.as_ref())).collect();
    match floor.run(&send) {
        Ok(sent) => {
            assert_eq!(told, []);
            let message = floor.message(sent.message);
            assert_eq!(answer.content.as_ref(), Some(message.content()));
            assert_eq!(answer.warnings, sent.warnings);
            assert_eq!(answer.earliest, sent.not_before.or(Some(floor.now())));
            let waits = matches!(message.basis().unwrap().hours, HoursBasis::Deferred { .. });
            assert_eq!(waits, answer.earliest != Some(floor.now()));
        }
        Err(Failure::Refused(refusals)) => {
            assert!(!told.is_empty(), "{refusals}");
            for code in refusals.codes() {
                assert!(told.contains(&code), "sending also says {code}, beside {told:?}");
            }
            assert_eq!(told.len(), refusals.codes().len());
        }
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn b03_a_preview_and_sending_say_the_same() {
    for mode in [QuietMode::Refuse, QuietMode::Defer] {
        for zone in ["UTC", "-03:00", "+13:00"] {
            for text in ["hello", "  ", &"long ".repeat(700), "ação “x”"] {
                let floor = floor_with(|setup| {
                    night(setup);
                    capped(setup);
                    setup.organization.quiet_hours.mode = mode;
                });
                lives(&floor, zone);
                let conversation = floor.start_sms("ana", NUMBER);
                for _ in 0..2 {
                    agree(&floor, conversation, &by_text(text));
                    floor.advance(60);
                }
                consent(&floor, ConsentChange::OptOut);
                agree(&floor, conversation, &by_text(text));
            }
        }
    }
}

//! What customers wish about being written to: opt-outs, suppressions, confirmations (B5, B12).

use chrono::TimeDelta;
use outbound::command::{
    ClaimDispatch, ConsentChange, ReceiptStatus, RecordAttempt, ReportDelivery, SendMessage, SetConsent,
};
use outbound::directory::{AddedKeyword, ConsentScope, Setup};
use outbound::model::{
    Author, By, Cause, Channel, ConsentBasis, ConversationEvent, ConversationId, CustomerId, Dispatch, Key, MessageId,
    Problem, SendResult, Status, TaskState, TemplateUse, ToldBy, Wish, Wording,
};
use outbound::port::NoMedia;
use outbound::record::{Claimed, Event, Record};
use outbound::refusal::{Category, Code, Retry};
use outbound::sms::Keyword;

use crate::support::{Floor, email, fact, id, inbound, provider_of, sms, text};

const NUMBER: &str = "+351912345678";
const OTHER: &str = "+351912345679";
const MAIL: &str = "rita@example.com";

/// A template that confirms an opt-out, and a scope.
fn confirming(scope: ConsentScope) -> impl FnOnce(&mut Setup) {
    move |setup| {
        let goodbye = r#"{"id":"goodbye","name":"Goodbye","channel":"sms","version":4,"body":"No more from us."}"#;
        setup.templates.push(serde_json::from_str(goodbye).unwrap());
        setup.organization.consent.confirmation = Some(id("goodbye"));
        setup.organization.consent.scope = scope;
    }
}

fn floor_with(change: impl FnOnce(&mut Setup)) -> Floor {
    let floor = Floor::with(change);
    floor.sign_in(&["ana", "bruno"]);
    floor
}

/// Ana has an SMS conversation with the customer, who says STOP.
fn stopped(change: impl FnOnce(&mut Setup)) -> (Floor, ConversationId, MessageId) {
    let floor = floor_with(change);
    let conversation = floor.start_sms("ana", NUMBER);
    let stop = floor.receive_sms("sms_care", NUMBER, "STOP");
    assert_eq!((stop.conversation, stop.opened, stop.keyword), (conversation, false, Some(Keyword::OptOut)));
    (floor, conversation, stop.message)
}

/// What the outbox gives to the provider now, in order.
fn pumped(floor: &Floor) -> Vec<(MessageId, String)> {
    let given = std::sync::Mutex::new(Vec::new());
    let takes = |it: &Dispatch| {
        given.lock().unwrap().push((it.idempotency_key, it.content.body.expose().to_owned()));
        SendResult::accepted(provider_of(it.idempotency_key))
    };
    floor.desk.deliver_due(floor.id(), &takes, &NoMedia, 100).unwrap();
    floor.check();
    given.into_inner().unwrap()
}

fn set(channel: Channel, address: &str, change: ConsentChange) -> SetConsent {
    SetConsent::by_host(channel, address, change)
}

#[test]
fn b05_a_keyword_in_an_open_conversation_reaches_its_agent_and_stops_messages_in_the_same_commit() {
    let (floor, conversation, stop) = stopped(|_| {});
    assert_eq!(floor.conversation(conversation).last_inbound(), Some(stop), "the agent sees it");
    assert!(matches!(floor.task(conversation), TaskState::Active { .. }));
    let refusals = floor.refuses(&text("ana", conversation, "but"), Code::ConsentOptedOut);
    assert_eq!(refusals.primary().category(), Category::NotAllowed);
    let world = floor.world();
    let contact = world.contacts().next().unwrap();
    assert_eq!(refusals.primary().retry(), Retry::WhenChanged(contact.key()));
    assert_eq!(fact(&refusals, &Code::ConsentOptedOut, "by"), "customer");
    assert_eq!(fact(&refusals, &Code::ConsentOptedOut, "scope"), "entry_point");
    assert_eq!(fact(&refusals, &Code::ConsentOptedOut, "since"), "2026-03-02T09:00:00Z");
    let consent = contact.consent(&id("sms_care")).unwrap();
    assert_eq!((consent.wish, &consent.by), (Wish::OptedOut, &ToldBy::Customer { message: stop }));
    assert_eq!(floor.message(stop).keyword(), Some(Keyword::OptOut));
}

#[test]
fn b05_the_events_tell_the_opt_out_and_its_confirmation_in_one_commit() {
    let floor = floor_with(confirming(ConsentScope::EntryPoint));
    floor.start_sms("ana", NUMBER);
    let (_, events) = floor.events_of(|| floor.receive_sms("sms_care", NUMBER, "Stop."));
    assert_eq!(events, ["message_received", "message_made", "opted_out", "notice_sent", "message_made"]);
}

#[test]
fn b05_what_is_no_keyword_as_a_whole_stops_nothing_and_neither_does_mail() {
    let floor = floor_with(|_| {});
    let conversation = floor.start_sms("ana", NUMBER);
    for said in ["STOP PLEASE", "please stop", "no", "HELP"] {
        floor.receive_sms("sms_care", NUMBER, said);
    }
    floor.passes(&text("ana", conversation, "hello"), Code::ConsentOptedOut);
    floor.passes(&text("ana", conversation, "hello"), Code::ConsentSuppressed);
    let by_mail = floor.start_email("ana", MAIL);
    let received = floor.ok(&inbound("mail_care", MAIL, "m-1", "STOP"));
    assert_eq!(received.keyword, None);
    floor.passes(&text("ana", by_mail, "hello").with_subject("hi"), Code::ConsentOptedOut);
}

#[test]
fn b05_an_opt_out_stops_starting_too_and_an_opt_in_lets_it() {
    let (floor, conversation, _) = stopped(|_| {});
    floor.close("ana", conversation);
    floor.refuses(&sms("bruno", NUMBER), Code::ConsentOptedOut);
    let start = floor.receive_sms("sms_care", NUMBER, "START");
    assert_eq!((start.conversation, start.opened, start.keyword), (conversation, false, Some(Keyword::OptIn)));
    floor.passes(&sms("bruno", NUMBER), Code::ConsentOptedOut);
    let again = floor.start_sms("bruno", NUMBER);
    let message = floor.send("bruno", again, "welcome back");
    let ConsentBasis::OptedIn { by, .. } = floor.message(message).basis().unwrap().consent.clone() else {
        panic!("they opted in")
    };
    assert_eq!(by, ToldBy::Customer { message: start.message });
}

#[test]
fn b05_a_keyword_without_an_open_conversation_makes_no_work_and_is_not_lost() {
    let floor = floor_with(|_| {});
    let (first, events) = floor.events_of(|| floor.receive_sms("sms_care", NUMBER, "STOP"));
    assert_eq!(
        events,
        [
            "opened",
            "contact_made",
            "thread_opened",
            "message_received",
            "closed",
            "thread_closed",
            "message_made",
            "opted_out"
        ]
    );
    let conversation = floor.conversation(first.conversation);
    assert!(first.opened && conversation.is_closed());
    let waits = floor.events().into_iter().any(|it| match it.event {
        Event::Conversation(ConversationEvent::Opened { task, .. }) => task != TaskState::Done,
        _ => false,
    });
    assert!(!waits, "it never waited in a queue");
    assert_eq!((conversation.state(), conversation.messages()), (&TaskState::Done, 1));
    // Said again, it goes to the conversation that is closed, and nothing reopens.
    let (again, events) = floor.events_of(|| floor.receive_sms("sms_care", NUMBER, "stop"));
    assert_eq!((again.conversation, again.opened), (first.conversation, false));
    assert_eq!(events, ["message_received", "message_made"], "it is on record already");
    assert!(floor.conversation(first.conversation).is_closed());
    assert_eq!(floor.conversation(first.conversation).messages(), 2);
    // Anything else opens a new one, behind it, that waits in the queue.
    let next = floor.receive_sms("sms_care", NUMBER, "hello?");
    assert!(next.opened);
    assert_eq!(floor.conversation(next.conversation).previous(), Some(first.conversation));
    assert!(matches!(floor.task(next.conversation), TaskState::Queued { .. }));
    // So does a word that asks for help.
    let help = floor.receive_sms("sms_care", OTHER, "HELP");
    assert_eq!((help.opened, help.keyword), (true, Some(Keyword::Help)));
    assert!(matches!(floor.task(help.conversation), TaskState::Queued { .. }));
}

#[test]
fn b05_a_keyword_received_twice_is_one_message() {
    let floor = floor_with(confirming(ConsentScope::EntryPoint));
    let stop = inbound("sms_care", NUMBER, "in-stop", "STOP");
    let first = floor.ok(&stop);
    let again = floor.ok(&stop);
    assert_eq!((again.message, again.duplicate, again.keyword), (first.message, true, Some(Keyword::OptOut)));
    assert_eq!(pumped(&floor).len(), 1, "one confirmation");
}

#[test]
fn b05_a_parked_conversation_wakes_on_a_keyword() {
    let floor = floor_with(|_| {});
    let conversation = floor.start_sms("ana", NUMBER);
    let until = floor.now() + TimeDelta::hours(1);
    floor.ok(&outbound::command::Park { agent: id("ana"), conversation, until, queue: None });
    floor.receive_sms("sms_care", NUMBER, "STOP");
    assert!(!matches!(floor.task(conversation), TaskState::Parked { .. }));
}

#[test]
fn b05_the_confirmation_goes_out_once_in_spite_of_the_opt_out() {
    let (floor, conversation, _) = stopped(confirming(ConsentScope::EntryPoint));
    let (given, events) = floor.events_of(|| pumped(&floor));
    assert_eq!((given.len(), events), (1, vec!["attempt_begun", "accepted_by_provider"]));
    let (message, says) = &given[0];
    assert_eq!(says, "No more from us.");
    let message = floor.message(*message);
    assert_eq!((message.author(), message.status()), (Some(&Author::System), Status::Sent));
    assert_eq!(message.basis().unwrap().consent, ConsentBasis::Confirmation);
    assert_eq!(message.content().template, Some(TemplateUse { template: id("goodbye"), version: 4 }));
    assert_eq!((message.draft().number, floor.conversation(conversation).messages()), (2, 2));
    floor.receive_sms("sms_care", NUMBER, "STOP!");
    assert_eq!(pumped(&floor), [], "not for what is on record already");
    floor.receive_sms("sms_care", NUMBER, "start");
    floor.receive_sms("sms_care", NUMBER, "stop");
    assert_eq!(pumped(&floor).len(), 1, "once for each opt-out");
}

#[test]
fn b05_the_confirmation_waits_for_no_other_message_and_none_for_it() {
    let floor = floor_with(confirming(ConsentScope::EntryPoint));
    let conversation = floor.start_sms("ana", NUMBER);
    let first = floor.send("ana", conversation, "one");
    let later = floor.send("ana", conversation, "two");
    // The first attempt is under way when the customer says stop.
    floor.ok(&ClaimDispatch { message: first });
    floor.receive_sms("sms_care", NUMBER, "STOP");
    assert_eq!(floor.conversation(conversation).unsettled(), [first, later]);
    let given = pumped(&floor);
    assert_eq!(given.iter().map(|(_, says)| says.as_str()).collect::<Vec<_>>(), ["No more from us."]);
    floor.ok(&RecordAttempt { message: first, attempt: 1, result: SendResult::accepted(id("p-1")) });
    assert_eq!(pumped(&floor), [], "the second is not sent any more");
    assert_eq!([first, later].map(|it| floor.message(it).status()), [Status::Sent, Status::Failed]);
    assert_eq!(floor.conversation(conversation).unsettled(), []);
}

#[test]
fn b05_no_confirmation_without_a_template_and_none_for_what_others_told() {
    let (floor, ..) = stopped(|_| {});
    assert_eq!(pumped(&floor), []);
    let floor = floor_with(confirming(ConsentScope::EntryPoint));
    floor.ok(&set(Channel::Sms, NUMBER, ConsentChange::OptOut));
    assert_eq!(pumped(&floor), []);
}

#[test]
fn b05_an_opt_out_between_writing_and_sending_fails_the_message_visibly() {
    let floor = floor_with(|_| {});
    let conversation = floor.start_sms("ana", NUMBER);
    let messages = ["one", "two"].map(|it| floor.send("ana", conversation, it));
    floor.receive_sms("sms_care", NUMBER, "STOP");
    let (claimed, events) = floor.events_of(|| floor.ok(&ClaimDispatch { message: messages[0] }));
    let Claimed::Refused(refusals) = claimed else { panic!("{claimed:?}") };
    assert_eq!(refusals.codes(), [Code::ConsentOptedOut]);
    assert_eq!(events, ["released", "message_settled", "delivery_failed"]);
    let delivery = floor.message(messages[0]).delivery().clone();
    let problem = delivery.problem.unwrap();
    assert_eq!((delivery.status, delivery.attempts), (Status::Failed, 0));
    assert_eq!((problem.cause(), problem.text()), (Cause::OptedOut, "consent.opted_out"));
    assert_eq!(pumped(&floor), []);
    assert_eq!(floor.message(messages[1]).status(), Status::Failed);
}

#[test]
fn b02_a_claim_that_consent_stopped_answers_so_again_with_its_reasons() {
    let floor = floor_with(|_| {});
    let conversation = floor.start_sms("ana", NUMBER);
    let message = floor.send("ana", conversation, "hello");
    floor.receive_sms("sms_care", NUMBER, "STOP");
    let (claiming, claim) = (floor.id(), ClaimDispatch { message });
    let first = floor.run_as(claiming, &claim).unwrap();
    assert!(matches!(&first, Claimed::Refused(refusals) if refusals.codes() == [Code::ConsentOptedOut]), "{first:?}");
    let world = floor.world();
    assert_eq!(floor.run_as(claiming, &claim).unwrap(), first);
    assert_eq!(floor.world(), world, "nothing is done twice");
    floor.advance(60);
    floor.receive_sms("sms_care", NUMBER, "START");
    assert_eq!(floor.run_as(claiming, &claim).unwrap(), first, "though the customer wants messages again");
    floor.refuses(&claim, Code::DeliveryNotDue);
}

#[test]
fn b05_a_claim_that_is_repeated_after_an_opt_out_sends_nothing() {
    let floor = floor_with(|_| {});
    let conversation = floor.start_sms("ana", NUMBER);
    let message = floor.send("ana", conversation, "hello");
    let claim = floor.id();
    assert!(matches!(floor.run_as(claim, &ClaimDispatch { message }).unwrap(), Claimed::Send(_)));
    assert!(matches!(floor.run_as(claim, &ClaimDispatch { message }).unwrap(), Claimed::Send(_)), "B2");
    floor.receive_sms("sms_care", NUMBER, "STOP");
    let before = floor.world();
    assert!(matches!(floor.run_as(claim, &ClaimDispatch { message }).unwrap(), Claimed::Refused(_)));
    assert_eq!(floor.world(), before, "the claim's events are written once");
    floor.advance(3600);
    assert!(matches!(floor.ok(&ClaimDispatch { message }), Claimed::Refused(_)));
    assert_eq!(floor.message(message).status(), Status::Failed);
}

#[test]
fn b05_how_far_an_opt_out_reaches_is_the_set_ups() {
    let sales = |agent| outbound::command::StartOutbound { entry_point: id("sms_sales"), ..sms(agent, NUMBER) };
    let (floor, ..) = stopped(|_| {});
    floor.passes(&sales("bruno"), Code::ConsentOptedOut);

    let (floor, ..) = stopped(confirming(ConsentScope::Channel));
    let refusals = floor.refuses(&sales("bruno"), Code::ConsentOptedOut);
    assert_eq!(fact(&refusals, &Code::ConsentOptedOut, "scope"), "channel");
    assert_eq!(floor.world().customers().count(), 0, "nobody else pays");

    let floor = floor_with(confirming(ConsentScope::Organization));
    let rita = Some(id::<CustomerId>("rita"));
    let start = |address: &str| outbound::command::StartOutbound { customer: rita.clone(), ..sms("ana", address) };
    let by_mail = outbound::command::StartOutbound { customer: rita.clone(), ..email("bruno", MAIL) };
    let mail = floor.ok(&by_mail).conversation;
    floor.ok(&start(NUMBER));
    floor.receive_sms("sms_care", NUMBER, "STOP");
    floor.passes(&sms("ana", OTHER), Code::ConsentOptedOut);
    let refusals = floor.refuses(&start(OTHER), Code::ConsentOptedOut);
    assert_eq!(fact(&refusals, &Code::ConsentOptedOut, "scope"), "organization");
    floor.refuses(&text("bruno", mail, "hi").with_subject("hi"), Code::ConsentOptedOut);
    // An opt-in at one address opens all of them.
    floor.receive_sms("sms_care", NUMBER, "START");
    floor.passes(&start(OTHER), Code::ConsentOptedOut);
    floor.passes(&text("bruno", mail, "hi").with_subject("hi"), Code::ConsentOptedOut);
}

#[test]
fn b05_an_opt_out_survives_a_narrower_scope_and_the_newest_wish_counts() {
    let (floor, conversation, _) = stopped(confirming(ConsentScope::Organization));
    floor.change(|setup| setup.organization.consent.scope = ConsentScope::EntryPoint);
    floor.refuses(&text("ana", conversation, "hi"), Code::ConsentOptedOut);
    floor.advance(1);
    // Asked for at one entry point, they come from that one.
    floor.receive_sms("sms_care", NUMBER, "START");
    floor.passes(&text("ana", conversation, "hi"), Code::ConsentOptedOut);
    let sales = outbound::command::StartOutbound { entry_point: id("sms_sales"), ..sms("bruno", NUMBER) };
    floor.refuses(&sales, Code::ConsentOptedOut);
    floor.advance(1);
    floor.ok(&set(Channel::Sms, NUMBER, ConsentChange::OptOut));
    floor.refuses(&text("ana", conversation, "hi"), Code::ConsentOptedOut);
}

#[test]
fn b05_keywords_differ_by_organization() {
    let floor = floor_with(|setup| {
        setup.organization.consent.keywords.remove.push("cancel".into());
        let word = AddedKeyword { word: "Chega!".into(), means: Keyword::OptOut };
        setup.organization.consent.keywords.add.push(word);
    });
    let conversation = floor.start_sms("ana", NUMBER);
    assert_eq!(floor.receive_sms("sms_care", NUMBER, "Cancel").keyword, None);
    floor.passes(&text("ana", conversation, "hi"), Code::ConsentOptedOut);
    assert_eq!(floor.receive_sms("sms_care", NUMBER, "chega").keyword, Some(Keyword::OptOut));
    floor.refuses(&text("ana", conversation, "hi"), Code::ConsentOptedOut);
}

#[test]
fn b05_others_write_down_what_they_were_told() {
    let floor = floor_with(|_| {});
    let conversation = floor.start_email("ana", MAIL);
    let told = SetConsent { by: By::Agent(id("bruno")), ..set(Channel::Email, MAIL, ConsentChange::OptOut) };
    let told = SetConsent { reason: Some("said so on the telephone".parse().unwrap()), ..told };
    let ((), events) = floor.events_of(|| {
        floor.ok(&told);
        floor.ok(&told);
    });
    assert_eq!(events, ["opted_out"], "what is on record is not told twice");
    let refusals = floor.refuses(&text("ana", conversation, "hi").with_subject("hi"), Code::ConsentOptedOut);
    assert_eq!(fact(&refusals, &Code::ConsentOptedOut, "by"), "agent");
    floor.advance(1);
    floor.ok(&set(Channel::Email, MAIL, ConsentChange::OptIn));
    floor.passes(&text("ana", conversation, "hi").with_subject("hi"), Code::ConsentOptedOut);

    // About one entry point, of an address that was never seen.
    floor.ok(&set(Channel::Sms, OTHER, ConsentChange::OptOut).about(id("sms_care")));
    floor.refuses(&sms("ana", OTHER), Code::ConsentOptedOut);
    floor.ok(&outbound::command::StartOutbound { entry_point: id("sms_sales"), ..sms("ana", OTHER) });
}

#[test]
fn b05_a_wish_to_get_messages_is_not_told_twice_either() {
    let floor = floor_with(|_| {});
    for about in [Some(id("sms_care")), None] {
        let told = SetConsent { entry_point: about, ..set(Channel::Sms, OTHER, ConsentChange::OptIn) };
        floor.ok(&told);
        let ((), events) = floor.events_of(|| {
            floor.ok(&told);
        });
        assert!(events.is_empty(), "{events:?}");
    }
}

#[test]
fn b05_who_tells_and_about_whom_must_be_known() {
    let floor = floor_with(|_| {});
    floor.start_sms("ana", NUMBER);
    let opt_out = set(Channel::Sms, NUMBER, ConsentChange::OptOut);
    floor.refuses(&SetConsent { by: By::Agent(id("nobody")), ..opt_out.clone() }, Code::AgentUnknown);
    floor.refuses(&opt_out.clone().about(id("nowhere")), Code::EntryPointUnknown);
    floor.refuses(&opt_out.clone().about(id("mail_care")), Code::EntryPointOtherChannel);
    floor.refuses(&SetConsent { address: "nonsense".into(), ..opt_out.clone() }, Code::AddressNotANumber);
    floor.refuses(&SetConsent { customer: Some(id("another")), ..opt_out.clone() }, Code::CustomerMismatch);
    let lift = set(Channel::Sms, "+351912345670", ConsentChange::Lift);
    assert_eq!(floor.events_of(|| floor.ok(&lift)).1, ["contact_made"], "nothing was there to lift");
}

#[test]
fn b05_a_suppressed_address_is_not_written_to_until_its_time() {
    let floor = floor_with(|_| {});
    let conversation = floor.start_sms("ana", NUMBER);
    let message = floor.send("ana", conversation, "hello");
    let until = floor.now() + TimeDelta::hours(2);
    floor.ok(&set(Channel::Sms, NUMBER, ConsentChange::Suppress { until: Some(until) }));
    let refusals = floor.refuses(&text("ana", conversation, "hello"), Code::ConsentSuppressed);
    assert_eq!(refusals.primary().retry(), Retry::At(until));
    assert_eq!(fact(&refusals, &Code::ConsentSuppressed, "by"), "host");
    assert!(matches!(floor.ok(&ClaimDispatch { message }), Claimed::Refused(_)));
    let problem = floor.message(message).delivery().problem.clone().unwrap();
    assert_eq!((problem.cause(), problem.text()), (Cause::NoSuchAddress, "consent.suppressed"));
    floor.advance(7199);
    floor.refuses(&text("ana", conversation, "hello"), Code::ConsentSuppressed);
    // A shorter one changes nothing, nor does the same told again.
    for known in [floor.now(), until] {
        let again = set(Channel::Sms, NUMBER, ConsentChange::Suppress { until: Some(known) });
        assert_eq!(floor.events_of(|| floor.ok(&again)).1, Vec::<&str>::new());
    }
    floor.advance(1);
    floor.passes(&text("ana", conversation, "hello"), Code::ConsentSuppressed);
    floor.ok(&set(Channel::Sms, NUMBER, ConsentChange::Suppress { until: None }));
    floor.refuses(&sms("bruno", NUMBER), Code::ConsentSuppressed);
    floor.ok(&set(Channel::Sms, NUMBER, ConsentChange::Lift));
    floor.send("ana", conversation, "hello");
}

fn failing(floor: &Floor, conversation: ConversationId, result: SendResult) -> MessageId {
    let message = floor.send("ana", conversation, "hello");
    floor.ok(&ClaimDispatch { message });
    floor.ok(&RecordAttempt { message, attempt: 1, result });
    message
}

#[test]
fn b05_a_provider_that_knows_of_an_opt_out_is_heeded() {
    for result in [SendResult::permanent(Cause::OptedOut, "21610"), SendResult::transient(Cause::OptedOut, "21610")] {
        let floor = floor_with(|_| {});
        let conversation = floor.start_sms("ana", NUMBER);
        let message = failing(&floor, conversation, result);
        let refusals = floor.refuses(&text("ana", conversation, "hi"), Code::ConsentOptedOut);
        assert_eq!(fact(&refusals, &Code::ConsentOptedOut, "by"), "provider");
        let world = floor.world();
        let consent = world.contacts().next().unwrap().consent(&id("sms_care")).unwrap();
        assert_eq!(consent.by, ToldBy::Provider { message });
        floor.advance(600);
        assert_eq!(pumped(&floor), [], "what was to be tried again is not");
        assert_eq!(floor.message(message).status(), Status::Failed);
    }
}

#[test]
fn b05_where_nobody_is_reached_nobody_is_written_to_for_the_set_ups_days() {
    let floor = floor_with(|setup| setup.organization.consent.suppress_days = 2);
    let conversation = floor.start_sms("ana", NUMBER);
    failing(&floor, conversation, SendResult::transient(Cause::NoSuchAddress, "perhaps"));
    floor.passes(&text("ana", conversation, "hi"), Code::ConsentSuppressed);
    let floor = floor_with(|setup| setup.organization.consent.suppress_days = 2);
    let conversation = floor.start_sms("ana", NUMBER);
    failing(&floor, conversation, SendResult::permanent(Cause::NoSuchAddress, "30005"));
    let refusals = floor.refuses(&text("ana", conversation, "hi"), Code::ConsentSuppressed);
    assert_eq!(refusals.primary().retry(), Retry::At(floor.now() + TimeDelta::days(2)));
    for other in [Cause::Blocked, Cause::Unreachable, Cause::Content, Cause::Configuration, Cause::Unknown] {
        let to = floor.start_sms("bruno", &format!("+35191234567{}", other as u8));
        let message = floor.send("bruno", to, "hi");
        floor.ok(&ClaimDispatch { message });
        floor.ok(&RecordAttempt { message, attempt: 1, result: SendResult::permanent(other, "no") });
        floor.passes(&text("bruno", to, "hi"), Code::ConsentSuppressed);
        floor.close("bruno", to);
        floor.pass(61);
    }
}

fn reported(floor: &Floor, message: MessageId, cause: Cause, entry_point: &str) {
    let problem = Some(Problem::new(cause, "reported"));
    let (entry_point, provider) = (id(entry_point), provider_of(message));
    floor.ok(&ReportDelivery { entry_point, provider, status: ReceiptStatus::Failed, problem });
}

#[test]
fn b05_what_a_receipt_tells_is_heeded_be_it_early_or_late() {
    for early in [false, true] {
        let floor = floor_with(|_| {});
        let conversation = floor.start_email("ana", MAIL);
        let message = floor.ok(&text("ana", conversation, "hi").with_subject("hi")).message;
        if early {
            reported(&floor, message, Cause::NoSuchAddress, "mail_care");
            floor.passes(&text("ana", conversation, "hi"), Code::ConsentSuppressed);
        }
        floor.pump();
        if !early {
            reported(&floor, message, Cause::NoSuchAddress, "mail_care");
        }
        assert_eq!(floor.message(message).status(), Status::Failed);
        floor.refuses(&text("ana", conversation, "hi"), Code::ConsentSuppressed);
    }
    let (floor, conversation, message) = {
        let floor = floor_with(|_| {});
        let conversation = floor.start_sms("ana", NUMBER);
        let message = floor.send("ana", conversation, "hi");
        floor.pump();
        reported(&floor, message, Cause::OptedOut, "sms_care");
        (floor, conversation, message)
    };
    floor.refuses(&text("ana", conversation, "hi"), Code::ConsentOptedOut);
    // Reported again after the customer asked for messages, it is old news.
    floor.advance(1);
    floor.receive_sms("sms_care", NUMBER, "START");
    reported(&floor, message, Cause::OptedOut, "sms_care");
    floor.passes(&text("ana", conversation, "hi"), Code::ConsentOptedOut);
}

#[test]
fn b05_whoever_writes_can_be_reached() {
    let floor = floor_with(|_| {});
    let conversation = floor.start_sms("ana", NUMBER);
    failing(&floor, conversation, SendResult::permanent(Cause::NoSuchAddress, "30005"));
    floor.refuses(&text("ana", conversation, "hi"), Code::ConsentSuppressed);
    let (_, events) = floor.events_of(|| floor.receive_sms("sms_care", NUMBER, "hello?"));
    assert_eq!(events, ["message_received", "message_made", "suppression_lifted"]);
    floor.send("ana", conversation, "there you are");
    // What somebody decided is not undone by a message.
    floor.ok(&set(Channel::Sms, NUMBER, ConsentChange::Suppress { until: None }));
    floor.receive_sms("sms_care", NUMBER, "hello?");
    floor.refuses(&text("ana", conversation, "hi"), Code::ConsentSuppressed);
}

#[test]
fn b05_a_keyword_under_the_stricter_conflict_scope_stops_both_entry_points() {
    let floor = floor_with(|setup| {
        setup.organization.conflict_scope = outbound::directory::ConflictScope::Address;
    });
    let conversation = floor.start_sms("ana", NUMBER);
    let stop = floor.receive_sms("sms_sales", NUMBER, "STOP");
    assert_eq!(stop.conversation, conversation);
    floor.refuses(&text("ana", conversation, "hi"), Code::ConsentOptedOut);
    floor.close("ana", conversation);
    let sales = outbound::command::StartOutbound { entry_point: id("sms_sales"), ..sms("bruno", NUMBER) };
    floor.refuses(&sales, Code::ConsentOptedOut);
}

#[test]
fn b12_a_message_keeps_the_grounds_on_which_it_was_sent() {
    let floor = floor_with(|setup| setup.version = 7);
    let conversation = floor.start_sms("ana", NUMBER);
    let first = floor.send("ana", conversation, "hello");
    let basis = floor.message(first).basis().unwrap().clone();
    assert_eq!((basis.consent, basis.directory, basis.override_reason), (ConsentBasis::NoObjection, 7, None));
    floor.advance(5);
    let received = floor.receive_sms("sms_care", NUMBER, "hello");
    let (to, at) = (received.message, floor.now());
    floor.advance(5);
    let answer = floor.send("ana", conversation, "how can I help?");
    assert_eq!(floor.message(answer).basis().unwrap().consent, ConsentBasis::Answer { to, at });
    assert_eq!(floor.message(answer).author(), Some(&Author::Agent(id("ana"))));
    floor.ok(&set(Channel::Sms, NUMBER, ConsentChange::OptIn));
    let (by, at) = (ToldBy::Host, floor.now());
    let values = [("name", "Rita"), ("order", "10")];
    let from_template = SendMessage::new(id("ana"), conversation, Wording::template(id("hello_sms"), values));
    let last = floor.ok(&from_template).message;
    let last = floor.message(last);
    assert_eq!(last.basis().unwrap().consent, ConsentBasis::OptedIn { at, by });
    assert_eq!(last.content().template, Some(TemplateUse { template: id("hello_sms"), version: 3 }));
    let transcript = floor.desk.ask(&outbound::query::Transcript::new(conversation, 10)).unwrap();
    assert_eq!(transcript.messages.last().unwrap().basis(), last.basis(), "it is shown");
    assert!(floor.world().records().all(|it| !matches!(it.record, Record::Customer(_))));
}

#[test]
fn b05_of_the_wishes_told_at_several_addresses_the_newest_counts() {
    let floor = floor_with(confirming(ConsentScope::Organization));
    let start = |agent: &str, address: &str| outbound::command::StartOutbound {
        customer: Some(id("rita")),
        ..sms(agent, address)
    };
    floor.ok(&start("ana", NUMBER));
    floor.ok(&start("bruno", OTHER));
    let of_other = floor.conversation(floor.receive_sms("sms_care", OTHER, "STOP").conversation).id();
    floor.refuses(&text("bruno", of_other, "hi"), Code::ConsentOptedOut);
    floor.advance(1);
    floor.receive_sms("sms_care", NUMBER, "START");
    floor.passes(&text("bruno", of_other, "hi"), Code::ConsentOptedOut);
    floor.advance(1);
    floor.receive_sms("sms_care", NUMBER, "STOP");
    floor.refuses(&text("bruno", of_other, "hi"), Code::ConsentOptedOut);
    // What was told the organization before counts less than what the address tells now.
    floor.advance(1);
    floor.receive_sms("sms_care", OTHER, "START");
    floor.passes(&text("bruno", of_other, "hi"), Code::ConsentOptedOut);
}

#[test]
fn b05_an_opt_out_counts_though_the_clock_was_put_back() {
    for scope in [ConsentScope::EntryPoint, ConsentScope::Channel, ConsentScope::Organization] {
        let floor = floor_with(|setup| setup.organization.consent.scope = scope);
        let told = |change| SetConsent { customer: Some(id("c-7")), ..set(Channel::Sms, NUMBER, change) };
        floor.ok(&told(ConsentChange::OptIn));
        floor.ok(&SetConsent { address: OTHER.into(), ..told(ConsentChange::OptIn) });
        floor.advance(-3600);
        floor.receive_sms("sms_care", NUMBER, "STOP");
        floor.refuses(&sms("ana", NUMBER), Code::ConsentOptedOut);
        if scope == ConsentScope::Organization {
            floor.refuses(&sms("ana", OTHER), Code::ConsentOptedOut);
        }
    }
}

#[test]
fn b05_a_wish_about_everything_takes_the_place_of_those_about_an_entry_point() {
    let floor = floor_with(|_| {});
    for entry_point in ["sms_care", "sms_sales"] {
        floor.receive_sms(entry_point, NUMBER, "STOP");
    }
    let wishes = |floor: &Floor| floor.world().contacts().next().unwrap().consents().len();
    assert_eq!(wishes(&floor), 2);
    floor.ok(&set(Channel::Sms, NUMBER, ConsentChange::OptIn));
    assert_eq!(wishes(&floor), 1, "though told at the same instant");
    floor.passes(&sms("ana", NUMBER), Code::ConsentOptedOut);
}

#[test]
fn b05_a_scope_that_was_narrowed_frees_the_customers_other_addresses_whatever_else_is_kept_there() {
    let (floor, conversation, _) = stopped(confirming(ConsentScope::Organization));
    let customer = Some(floor.conversation(conversation).customer().clone());
    let other = outbound::command::StartOutbound { customer, ..sms("bruno", OTHER) };
    floor.refuses(&other, Code::ConsentOptedOut);
    floor.change(|setup| {
        setup.organization.consent.scope = ConsentScope::Channel;
        setup.organization.caps.limits = serde_json::from_str(r#"[{"count":9,"within_seconds":60}]"#).unwrap();
    });
    let other = floor.ok(&other).conversation;
    let message = floor.send("bruno", other, "hello");
    assert_eq!(floor.message(message).basis().unwrap().consent, ConsentBasis::NoObjection);
    floor.refuses(&text("ana", conversation, "hello"), Code::ConsentOptedOut);
}

#[test]
fn b05_an_opt_out_of_the_organization_waits_for_the_customers_next_word_at_whichever_address() {
    let floor = floor_with(|_| {});
    let by_host = |channel, address: &str, change| SetConsent {
        customer: Some(id("maria")),
        ..SetConsent::by_host(channel, address, change)
    };
    let opted_out = |floor: &Floor| {
        let refusals = floor.refuses(&email("ana", "maria@example.com"), Code::ConsentOptedOut);
        refusals.primary().retry()
    };
    floor.ok(&by_host(Channel::Email, "maria@example.com", ConsentChange::OptOut));
    assert_eq!(opted_out(&floor), Retry::WhenChanged(floor.world().contacts().next().unwrap().key()));
    floor.change(|setup| setup.organization.consent.scope = ConsentScope::Organization);
    assert_eq!(opted_out(&floor), Retry::WhenChanged(Key::customer(&id("maria"))));
    floor.advance(1);
    floor.ok(&by_host(Channel::Sms, NUMBER, ConsentChange::OptIn));
    floor.passes(&email("ana", "maria@example.com"), Code::ConsentOptedOut);
}

#[test]
fn b05_what_the_host_said_of_an_address_stands_whatever_a_provider_says_and_until_the_customer_may_be_reached() {
    let days = |floor: &Floor, days| floor.now() + TimeDelta::days(days);
    let suppress = |floor: &Floor, until| {
        floor.ok(&SetConsent::by_host(Channel::Sms, NUMBER, ConsentChange::Suppress { until: Some(until) }));
    };
    for host_first in [true, false] {
        let floor = floor_with(|setup| setup.organization.consent.suppress_days = 20);
        let conversation = floor.start_sms("ana", NUMBER);
        let (message, until) = (floor.send("ana", conversation, "hi"), days(&floor, 10));
        if host_first {
            suppress(&floor, until);
        }
        floor.pump();
        reported(&floor, message, Cause::NoSuchAddress, "sms_care");
        if !host_first {
            suppress(&floor, until);
        }
        floor.receive_sms("sms_care", NUMBER, "I am here");
        let refusals = floor.refuses(&text("ana", conversation, "hi"), Code::ConsentSuppressed);
        assert_eq!(fact(&refusals, &Code::ConsentSuppressed, "by"), "host");
        assert_eq!(refusals.primary().retry(), Retry::At(until));
    }
}

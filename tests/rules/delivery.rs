//! Messages on their way: claims, retries, receipts (R31, R36, B10).

use std::collections::BTreeSet;
use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{ClaimDispatch, ReceiptStatus, RecordAttempt, ReportDelivery, SendMessage};
use outbound::desk::{Pumped, PumpedHow, PumpedMessage, Totals};
use outbound::directory::Setup;
use outbound::engine::{Fault, Misuse};
use outbound::model::{
    Cause, CommandId, ConversationId, Dispatch, HostedImage, InlineImage, Key, MessageEvent, MessageId, Private,
    Problem, SendResult, Status, Step, Wording,
};
use outbound::port::{Delivery, Failure, MediaHost, NoMedia};
use outbound::record::{Claimed, Event, Index, Reported, World};
use outbound::refusal::{Code, Retry};

use crate::orphans::desk_over;
use crate::support::{Floor, id, inbound, provider_of, text};

const NUMBER: &str = "+351912345678";

/// Ana has written a message that waits to be sent.
fn written() -> (Floor, ConversationId, MessageId) {
    written_at(Floor::new())
}

fn written_with(change: impl FnOnce(&mut Setup)) -> (Floor, ConversationId, MessageId) {
    written_at(Floor::with(change))
}

fn written_at(floor: Floor) -> (Floor, ConversationId, MessageId) {
    floor.sign_in(&["ana", "bruno"]);
    let conversation = floor.start_sms("ana", NUMBER);
    let message = floor.send("ana", conversation, "hello");
    (floor, conversation, message)
}

#[test]
fn b10_a_provider_and_a_media_host_may_be_of_any_type() {
    let (floor, ..) = written();
    let taken = |dispatch: &Dispatch| SendResult::accepted(provider_of(dispatch.idempotency_key));
    let (provider, media): (&dyn Delivery, &dyn MediaHost) = (&taken, &NoMedia);
    let pumped = floor.desk.deliver_due(floor.id(), provider, media, 10).unwrap();
    assert_eq!(pumped.totals(), Totals { sent: 1, ..Totals::default() });
}

fn claim(floor: &Floor, message: MessageId) -> Dispatch {
    claim_as(floor, floor.id(), message)
}

fn claim_as(floor: &Floor, id: CommandId, message: MessageId) -> Dispatch {
    match floor.run_as(id, &ClaimDispatch { message }).unwrap() {
        Claimed::Send(dispatch) => *dispatch,
        ended => panic!("{ended:?}"),
    }
}

fn record(floor: &Floor, message: MessageId, attempt: u16, result: SendResult) {
    floor.ok(&RecordAttempt { message, attempt, result });
}

fn accepted(message: MessageId) -> SendResult {
    SendResult::accepted(provider_of(message))
}

fn transient() -> SendResult {
    SendResult::transient(Cause::Busy, "busy")
}

fn permanent() -> SendResult {
    SendResult::permanent(Cause::Blocked, "no such number")
}

fn report(message: MessageId, status: ReceiptStatus) -> ReportDelivery {
    let problem = (status == ReceiptStatus::Failed).then(|| Problem::new(Cause::Blocked, "returned"));
    ReportDelivery { entry_point: id("sms_care"), provider: provider_of(message), status, problem }
}

fn status(floor: &Floor, message: MessageId) -> Status {
    floor.message(message).status()
}

fn next_attempt(floor: &Floor, message: MessageId) -> DateTime<Utc> {
    floor.message(message).next_attempt().expect("it is to be attempted")
}

/// Pumps through a provider that answers always the same.
fn pump(floor: &Floor, result: &SendResult) -> Totals {
    let pumped = floor.desk.deliver_due(floor.id(), &|_: &Dispatch| result.clone(), &NoMedia, 100).unwrap();
    floor.check();
    pumped.totals()
}

#[test]
fn r36_a_message_is_durable_before_it_is_sent() {
    let (floor, conversation, message) = written();
    assert_eq!(floor.message(message).delivery().step, Step::Due { at: floor.now() });
    assert_eq!(status(&floor, message), Status::Queued);
    assert_eq!(floor.conversation(conversation).unsettled(), [message]);
    let dispatch = claim(&floor, message);
    assert_eq!((dispatch.idempotency_key, dispatch.attempt), (message, 1));
    assert_eq!((&*dispatch.from, &*dispatch.to.as_text()), ("+351910000001", NUMBER));
    record(&floor, message, 1, accepted(message));
    assert_eq!(status(&floor, message), Status::Sent);
    assert_eq!(floor.message(message).delivery().provider, Some(provider_of(message)));
    assert_eq!(floor.conversation(conversation).unsettled(), []);
}

#[test]
fn r36_only_what_was_sent_is_claimed() {
    let (floor, _, message) = written();
    let missing = MessageId::of(floor.id());
    floor.refuses(&ClaimDispatch { message: missing }, Code::MessageUnknown);
    floor.passes(&ClaimDispatch { message }, Code::MessageUnknown);
    let inbound = floor.receive_sms("sms_care", NUMBER, "hello").message;
    let refusals = floor.refuses(&ClaimDispatch { message: inbound }, Code::MessageNotSent);
    assert_eq!(refusals.primary().retry(), Retry::Never);
    floor.passes(&ClaimDispatch { message }, Code::MessageNotSent);
    floor.refused(&RecordAttempt { message: inbound, attempt: 1, result: permanent() });
}

#[test]
fn b10_a_claim_keeps_others_away_until_its_lease_is_over() {
    let (floor, _, message) = written();
    floor.passes(&ClaimDispatch { message }, Code::DeliveryNotDue);
    let first = floor.id();
    let dispatch = claim_as(&floor, first, message);
    floor.advance(59);
    let refusals = floor.refuses(&ClaimDispatch { message }, Code::DeliveryNotDue);
    assert_eq!(refusals.primary().retry(), Retry::At(floor.now() + TimeDelta::seconds(1)));
    assert_eq!(claim_as(&floor, first, message), dispatch, "the claimer itself is answered again");
    floor.advance(1);
    let again = claim(&floor, message);
    assert_eq!((again.idempotency_key, again.attempt), (message, 2), "redelivered under the same key");
    assert_eq!(Dispatch { attempt: 1, ..again }, dispatch);
}

#[test]
fn b10_a_failure_counts_only_for_the_attempt_that_stands() {
    let (floor, _, message) = written();
    claim(&floor, message);
    floor.advance(60);
    claim(&floor, message);
    record(&floor, message, 1, permanent());
    assert_eq!(status(&floor, message), Status::Queued, "the first attempt has nothing to say any more");
    record(&floor, message, 2, transient());
    record(&floor, message, 2, permanent());
    assert_eq!(status(&floor, message), Status::Queued, "the second was answered");
}

#[test]
fn b10_an_acceptance_counts_whenever_it_comes_and_ends_the_attempts() {
    let (floor, _, message) = written();
    claim(&floor, message);
    floor.advance(60);
    claim(&floor, message);
    record(&floor, message, 1, accepted(message));
    assert_eq!(status(&floor, message), Status::Sent);
    record(&floor, message, 2, transient());
    let other = SendResult::accepted(id("another"));
    record(&floor, message, 2, other);
    assert_eq!(floor.message(message).delivery().provider, Some(provider_of(message)));
    floor.advance(86_400);
    floor.refuses(&ClaimDispatch { message }, Code::DeliveryNotDue);
    assert_eq!(floor.pump().total(), 0);
}

#[test]
fn b10_the_backoff_grows_and_is_bounded() {
    let (floor, _, message) = written_with(|setup| setup.organization.timings.delivery.max_retry_seconds = 300);
    let mut waits = Vec::new();
    for _ in 0..10 {
        assert_eq!(pump(&floor, &transient()).postponed, 1);
        let wait = next_attempt(&floor, message) - floor.now();
        waits.push(wait.as_seconds_f64());
        floor.advance(wait.num_seconds() + 1);
    }
    for (nth, wait) in waits.iter().enumerate() {
        let planned = f64::from(5 * 2_i32.pow(u32::try_from(nth).unwrap())).min(300.0);
        assert!((planned..planned * 1.25).contains(wait), "wait {nth} of {planned} s is {wait} s");
    }
    assert_eq!(floor.message(message).delivery().problem.as_ref().map(Problem::text), Some("busy"));
    assert_eq!(status(&floor, message), Status::Queued);
}

#[test]
fn b10_a_provider_says_when_it_may_be_asked_again() {
    let (floor, _, message) = written_with(|setup| setup.organization.timings.delivery.max_retry_seconds = 300);
    let wait_after = |told: i64| {
        pump(&floor, &transient().not_before(floor.now() + TimeDelta::seconds(told)));
        let wait = (next_attempt(&floor, message) - floor.now()).num_seconds();
        floor.advance(wait + 1);
        wait
    };
    assert!((3600..4500).contains(&wait_after(3600)), "what it says, though the set-up waits less; and spread");
    assert!((10..13).contains(&wait_after(2)), "never sooner than the set-up waits");
    assert!((20..25).contains(&wait_after(-3600)), "nor for a time that is over");
    let left = floor.message(message).not_after().unwrap() - floor.now();
    assert_eq!(wait_after(left.num_seconds() * 2), left.num_seconds(), "and never past its deadline");
    assert_eq!(floor.pump().expired, 1);
}

#[test]
fn b10_what_failed_together_does_not_come_again_together() {
    let floor = Floor::new();
    floor.sign_in(&["ana", "bruno"]);
    let numbers = ["+351912345671", "+351912345672", "+351912345673"];
    let messages = numbers.map(|number| floor.send("bruno", floor.start_sms("bruno", number), "hello"));
    pump(&floor, &transient());
    let mut times = messages.map(|message| next_attempt(&floor, message)).to_vec();
    times.sort_unstable();
    times.dedup();
    assert_eq!(times.len(), 3);
}

#[test]
fn b10_attempts_are_numbered_and_limited() {
    let (floor, conversation, message) = written_with(|setup| setup.organization.timings.delivery.max_attempts = 3);
    for _ in 0..2 {
        pump(&floor, &transient());
        floor.advance(3600);
    }
    assert_eq!(pump(&floor, &transient()).total(), 1);
    assert_eq!(status(&floor, message), Status::Failed);
    assert_eq!(floor.message(message).delivery().attempts, 3);
    assert_eq!(floor.conversation(conversation).unsettled(), []);
}

#[test]
fn b10_a_permanent_failure_stops_and_lets_the_next_go() {
    let (floor, _, message) = written();
    let other = floor.ok(&text("ana", floor.message(message).conversation(), "again")).message;
    let only_the_first = |dispatch: &Dispatch| {
        if dispatch.idempotency_key == message { permanent() } else { accepted(dispatch.idempotency_key) }
    };
    let pumped = floor.desk.deliver_due(floor.id(), &only_the_first, &NoMedia, 100).unwrap().totals();
    assert_eq!((pumped.failed, pumped.sent), (1, 1));
    let delivery = floor.message(message).delivery().clone();
    assert_eq!(
        (delivery.status, delivery.problem.as_ref().map(Problem::text)),
        (Status::Failed, Some("no such number"))
    );
    assert_eq!((status(&floor, message), status(&floor, other)), (Status::Failed, Status::Sent));
}

#[test]
fn b10_a_message_expires_instead_of_being_sent_late() {
    let (floor, conversation, first) = written();
    let soon = floor.now() + TimeDelta::seconds(100);
    let second = floor.ok(&SendMessage { not_after: Some(soon), ..text("ana", conversation, "soon") }).message;
    let third = floor.send("ana", conversation, "later");
    floor.advance(100);
    let pumped = floor.pump();
    assert_eq!((pumped.sent, pumped.expired), (2, 1));
    assert_eq!([first, second, third].map(|it| status(&floor, it)), [Status::Sent, Status::Expired, Status::Sent]);
}

#[test]
fn b10_a_retry_is_never_planned_behind_the_deadline() {
    let (floor, conversation, _) = written();
    floor.pump();
    let soon = floor.now() + TimeDelta::seconds(2);
    let message = floor.ok(&SendMessage { not_after: Some(soon), ..text("ana", conversation, "soon") }).message;
    pump(&floor, &transient());
    assert_eq!(next_attempt(&floor, message), soon);
    floor.advance(2);
    assert_eq!(pump(&floor, &accepted(message)).expired, 1);
    assert_eq!(status(&floor, message), Status::Expired);
}

#[test]
fn b10_a_receipt_may_come_before_the_answer_to_the_sending() {
    let (floor, _, message) = written();
    claim(&floor, message);
    assert_eq!(floor.ok(&report(message, ReceiptStatus::Delivered)), Reported::Early);
    assert_eq!(floor.ok(&report(message, ReceiptStatus::Sent)), Reported::Early);
    assert_eq!(status(&floor, message), Status::Queued);
    record(&floor, message, 1, accepted(message));
    assert_eq!(status(&floor, message), Status::Delivered, "the furthest that was heard");
}

#[test]
fn b10_of_early_receipts_the_furthest_counts_and_of_equal_ones_the_first() {
    let (floor, _, message) = written();
    claim(&floor, message);
    let again = Some(Problem::new(Cause::Unreachable, "returned again"));
    for early in [
        report(message, ReceiptStatus::Sent),
        report(message, ReceiptStatus::Failed),
        ReportDelivery { problem: again, ..report(message, ReceiptStatus::Failed) },
    ] {
        assert_eq!(floor.ok(&early), Reported::Early);
    }
    record(&floor, message, 1, accepted(message));
    let delivery = floor.message(message).delivery().clone();
    assert_eq!((delivery.status, delivery.problem.unwrap().cause()), (Status::Failed, Cause::Blocked));
}

#[test]
fn b10_receipts_never_go_backwards() {
    let (floor, _, message) = written();
    floor.pump();
    let steps = [
        (ReceiptStatus::Failed, Reported::Advanced(Status::Failed)),
        (ReceiptStatus::Sent, Reported::OldNews(Status::Failed)),
        (ReceiptStatus::Delivered, Reported::Advanced(Status::Delivered)),
        (ReceiptStatus::Failed, Reported::OldNews(Status::Delivered)),
        (ReceiptStatus::Read, Reported::Advanced(Status::Read)),
        (ReceiptStatus::Delivered, Reported::OldNews(Status::Read)),
        (ReceiptStatus::Read, Reported::OldNews(Status::Read)),
    ];
    for (receipt, reported) in steps {
        let (answer, events) = floor.events_of(|| floor.ok(&report(message, receipt)));
        assert_eq!(answer, reported);
        assert_eq!(events.len(), usize::from(matches!(answer, Reported::Advanced(_))), "old news change nothing");
    }
}

#[test]
fn b10_a_retry_after_a_provider_id_exists_does_not_send_again() {
    let (floor, _, message) = written();
    let sent = Mutex::new(Vec::new());
    let provider = |dispatch: &Dispatch| {
        sent.lock().unwrap().push((dispatch.idempotency_key, dispatch.attempt));
        accepted(dispatch.idempotency_key)
    };
    // A pump that dies between sending and writing down: the provider took it, and nobody knows.
    provider(&claim(&floor, message));
    floor.advance(60);
    let again = claim(&floor, message);
    record(&floor, message, again.attempt, provider(&again));
    record(&floor, message, 1, accepted(message));
    floor.advance(86_400);
    assert_eq!(floor.pump().total(), 0);
    assert_eq!(*sent.lock().unwrap(), [(message, 1), (message, 2)], "one key, so the provider sends it once");
    assert_eq!(status(&floor, message), Status::Sent);
}

#[test]
fn b10_an_early_receipt_is_taken_in_when_the_message_goes_again() {
    let (floor, conversation, message) = written();
    let next = floor.send("ana", conversation, "next");
    claim(&floor, message);
    floor.ok(&report(message, ReceiptStatus::Delivered));
    floor.advance(60);
    record(&floor, message, claim(&floor, message).attempt, accepted(message));
    assert_eq!(status(&floor, message), Status::Delivered);
    assert_eq!(next_attempt(&floor, next), floor.now());
}

#[test]
fn b10_the_messages_of_a_conversation_leave_in_order() {
    let (floor, conversation, first) = written();
    let others = ["two", "three"].map(|it| floor.send("ana", conversation, it));
    floor.refuses(&ClaimDispatch { message: others[0] }, Code::DeliveryNotDue);
    pump(&floor, &transient());
    assert_eq!(floor.pump().total(), 0, "the first holds the others up");
    floor.advance(60);
    let order: Vec<MessageId> = std::iter::from_fn(|| {
        let left = Mutex::new(None);
        let provider = |dispatch: &Dispatch| {
            *left.lock().unwrap() = Some(dispatch.idempotency_key);
            accepted(dispatch.idempotency_key)
        };
        floor.desk.deliver_due(floor.id(), &provider, &NoMedia, 1).unwrap();
        left.into_inner().unwrap()
    })
    .collect();
    assert_eq!(order, [first, others[0], others[1]]);
}

/// An e-mail that shows one image is written.
fn with_image(floor: &Floor) -> MessageId {
    floor.sign_in(&["ana"]);
    let conversation = floor.start_email("ana", "rita@example.com");
    let image = InlineImage {
        name: "logo".into(),
        media_type: "image/png".into(),
        bytes: Private::new(b"\x89PNG\r\n\x1a\n!".to_vec()),
    };
    let wording = Wording::Html { html: r#"<img src="inline:logo">"#.into(), images: vec![image] };
    floor.ok(&SendMessage::new(id("ana"), conversation, wording).with_subject("Look")).message
}

/// Keeps images, and remembers under which URLs.
#[derive(Default)]
struct Gallery(Mutex<Vec<String>>);

impl MediaHost for Gallery {
    fn host(&self, image: &HostedImage) -> Result<(), String> {
        self.0.lock().unwrap().push(image.url.to_string());
        Ok(())
    }
}

#[test]
fn r31_images_are_hosted_before_the_message_is_sent() {
    let floor = Floor::new();
    let message = with_image(&floor);
    let gallery = Gallery::default();
    let provider = |dispatch: &Dispatch| {
        let hosted = gallery.0.lock().unwrap().clone();
        assert_eq!(hosted, [format!("https://media.acme.example/m/{message}/1")], "hosted before");
        assert!(dispatch.content.body.expose().contains(&hosted[0]));
        accepted(message)
    };
    assert_eq!(floor.desk.deliver_due(floor.id(), &provider, &gallery, 10).unwrap().totals().sent, 1);
}

#[test]
fn r31_an_image_that_cannot_be_hosted_postpones_its_message() {
    let floor = Floor::new();
    let message = with_image(&floor);
    let never = |_: &Dispatch| -> SendResult { panic!("nothing is sent") };
    assert_eq!(floor.desk.deliver_due(floor.id(), &never, &NoMedia, 10).unwrap().totals().postponed, 1);
    assert_eq!(floor.message(message).delivery().problem.as_ref().map(Problem::text), Some("no media host"));
    assert_eq!(status(&floor, message), Status::Queued);
}

/// Ana has written two messages, and every attempt at the first was claimed and never answered.
fn unanswered() -> (Floor, ConversationId, [MessageId; 2]) {
    let (floor, conversation, first) = written_with(|setup| setup.organization.timings.delivery.max_attempts = 3);
    let next = floor.send("ana", conversation, "next");
    for attempt in 1..=3 {
        assert_eq!(claim(&floor, first).attempt, attempt);
        floor.refuses(&ClaimDispatch { message: first }, Code::DeliveryNotDue);
        floor.advance(60);
    }
    (floor, conversation, [first, next])
}

#[test]
fn b10_a_message_whose_attempts_were_never_answered_is_given_up() {
    let (floor, conversation, [first, next]) = unanswered();
    let (claimed, events) = floor.events_of(|| floor.ok(&ClaimDispatch { message: first }));
    assert_eq!(claimed, Claimed::GivenUp);
    assert_eq!(events, ["released", "message_settled", "delivery_failed"]);
    let delivery = floor.message(first).delivery().clone();
    assert_eq!((delivery.status, delivery.step, delivery.attempts), (Status::Failed, Step::Settled, 3));
    assert_eq!(delivery.problem.as_ref().map(Problem::text), Some("no attempt was answered"));
    assert_eq!(floor.conversation(conversation).unsettled(), [next]);
    assert_eq!(next_attempt(&floor, next), floor.now(), "the next one is released");
    floor.refuses(&ClaimDispatch { message: first }, Code::DeliveryNotDue);
}

#[test]
fn b10_a_pump_counts_what_is_given_up_as_failed_and_goes_on() {
    let (floor, _, [first, next]) = unanswered();
    let pumped = floor.pump();
    assert_eq!(pumped, Totals { sent: 1, failed: 1, ..Totals::default() });
    assert_eq!([first, next].map(|it| status(&floor, it)), [Status::Failed, Status::Sent]);
}

#[test]
fn b10_an_answer_to_the_last_attempt_comes_in_time_before_the_giving_up() {
    let (floor, _, [first, _]) = unanswered();
    record(&floor, first, 3, accepted(first));
    assert_eq!(status(&floor, first), Status::Sent);
    assert_eq!(floor.pump(), Totals { sent: 1, ..Totals::default() }, "the next one alone");
}

#[test]
fn b02_a_claim_that_came_too_late_answers_so_again_and_does_nothing_twice() {
    let (floor, conversation, _) = written();
    floor.pump();
    let (soon, claiming) = (floor.now() + TimeDelta::seconds(100), floor.id());
    let message = floor.ok(&text("ana", conversation, "soon").not_after(soon)).message;
    floor.advance(100);
    let claim = ClaimDispatch { message };
    let (claimed, events) = floor.events_of(|| floor.run_as(claiming, &claim).unwrap());
    assert_eq!((claimed, events), (Claimed::Expired, vec!["message_settled", "delivery_expired"]));
    let (world, later) = (floor.world(), floor.id());
    for command in [claiming, claiming, later] {
        floor.advance(60);
        assert_eq!(floor.run_as(command, &claim).unwrap(), Claimed::Expired);
    }
    assert_eq!(floor.world(), world);
}

#[test]
fn b02_a_claim_that_gave_up_answers_so_again_though_the_provider_took_it_after_all() {
    let (floor, _, [first, next]) = unanswered();
    let (claiming, claim) = (floor.id(), ClaimDispatch { message: first });
    assert_eq!(floor.run_as(claiming, &claim).unwrap(), Claimed::GivenUp);
    let world = floor.world();
    assert_eq!(floor.run_as(claiming, &claim).unwrap(), Claimed::GivenUp);
    assert_eq!(floor.world(), world, "nothing is done twice");
    record(&floor, first, 3, accepted(first));
    floor.advance(3600);
    assert_eq!(floor.run_as(claiming, &claim).unwrap(), Claimed::GivenUp);
    floor.refuses(&claim, Code::DeliveryNotDue);
    let other = floor.run_as(claiming, &ClaimDispatch { message: next }).unwrap_err();
    assert_eq!(other, Failure::Fault(Fault::Misuse(Misuse::CommandIdReused(claiming))), "the id is that claim's");
}

#[test]
fn b02_a_claim_that_came_too_late_answers_so_again_though_the_provider_took_it_after_all() {
    let (floor, conversation, _) = written();
    floor.pump();
    let soon = floor.now() + TimeDelta::seconds(100);
    let message = floor.ok(&text("ana", conversation, "soon").not_after(soon)).message;
    claim(&floor, message);
    floor.advance(100);
    let (claiming, again) = (floor.id(), ClaimDispatch { message });
    assert_eq!(floor.run_as(claiming, &again).unwrap(), Claimed::Expired);
    record(&floor, message, 1, accepted(message));
    assert_eq!(floor.run_as(claiming, &again).unwrap(), Claimed::Expired);
    floor.refuses(&again, Code::DeliveryNotDue);
}

#[test]
fn b10_what_the_provider_took_before_it_expired_is_sent() {
    let (floor, conversation, _) = written();
    floor.pump();
    let soon = floor.now() + TimeDelta::seconds(100);
    let message = floor.ok(&SendMessage { not_after: Some(soon), ..text("ana", conversation, "soon") }).message;
    claim(&floor, message);
    floor.advance(100);
    assert_eq!(floor.ok(&ClaimDispatch { message }), Claimed::Expired);
    assert_eq!(status(&floor, message), Status::Expired);
    record(&floor, message, 1, permanent());
    assert_eq!(status(&floor, message), Status::Expired, "a failure says nothing new");
    let ((), events) = floor.events_of(|| record(&floor, message, 1, accepted(message)));
    assert_eq!(events, ["accepted_by_provider"]);
    let delivery = floor.message(message).delivery().clone();
    assert_eq!((delivery.status, delivery.provider), (Status::Sent, Some(provider_of(message))));
    floor.ok(&report(message, ReceiptStatus::Delivered));
    assert_eq!(status(&floor, message), Status::Delivered);
}

#[test]
fn b10_what_failed_stays_failed_with_its_problem_though_the_provider_took_another_attempt() {
    let (floor, conversation, message) = written();
    claim(&floor, message);
    floor.advance(60);
    claim(&floor, message);
    record(&floor, message, 2, permanent());
    record(&floor, message, 1, accepted(message));
    let delivery = floor.message(message).delivery().clone();
    assert_eq!((delivery.status, delivery.step), (Status::Failed, Step::Settled));
    assert_eq!(delivery.problem.as_ref().map(Problem::text), Some("no such number"));
    assert_eq!(delivery.provider, Some(provider_of(message)), "so that a receipt finds it");
    assert_eq!(floor.conversation(conversation).unsettled(), []);
    floor.ok(&report(message, ReceiptStatus::Delivered));
    let delivery = floor.message(message).delivery().clone();
    assert_eq!((delivery.status, delivery.problem), (Status::Delivered, None), "it arrived after all");
}

#[test]
fn b10_what_failed_keeps_its_problem_though_the_provider_told_early_that_another_attempt_was_sent() {
    let (floor, _, message) = written();
    claim(&floor, message);
    floor.ok(&report(message, ReceiptStatus::Sent));
    floor.advance(60);
    claim(&floor, message);
    record(&floor, message, 2, permanent());
    let ((), events) = floor.events_of(|| record(&floor, message, 1, accepted(message)));
    assert_eq!(events, ["accepted_by_provider"], "that it was sent is old news");
    let delivery = floor.message(message).delivery().clone();
    assert_eq!(delivery.status, Status::Failed);
    assert_eq!(delivery.problem.as_ref().map(Problem::text), Some("no such number"));
}

#[test]
fn b10_one_provider_id_for_two_messages_stays_with_the_first() {
    let (floor, conversation, first) = written();
    let second = floor.send("ana", conversation, "again");
    let same = SendResult::accepted(provider_of(first));
    pump(&floor, &same);
    assert_eq!([first, second].map(|it| status(&floor, it)), [Status::Sent; 2]);
    assert_eq!(floor.ok(&report(first, ReceiptStatus::Delivered)), Reported::Advanced(Status::Delivered));
    assert_eq!([first, second].map(|it| status(&floor, it)), [Status::Delivered, Status::Sent]);
}

#[test]
fn b10_a_provider_id_of_what_came_in_stays_with_that() {
    let (floor, _, message) = written();
    let mail = inbound("sms_care", NUMBER, "one-id", "hello?");
    let received = floor.ok(&mail);
    record(&floor, message, 1, SendResult::accepted(id("one-id")));
    assert_eq!(status(&floor, message), Status::Sent);
    let again = floor.ok(&mail);
    assert_eq!((again.message, again.duplicate), (received.message, true));
}

/// Pumps through a provider that takes everything, and answers what it was given, in order.
fn pump_at_most(floor: &Floor, limit: usize) -> (Totals, Vec<MessageId>) {
    let given = Mutex::new(Vec::new());
    let takes = |dispatch: &Dispatch| {
        given.lock().unwrap().push(dispatch.idempotency_key);
        accepted(dispatch.idempotency_key)
    };
    let pumped = floor.desk.deliver_due(floor.id(), &takes, &NoMedia, limit).unwrap();
    (pumped.totals(), given.into_inner().unwrap())
}

#[test]
fn b10_a_backlog_of_one_conversation_leaves_in_one_call_in_order() {
    let (floor, conversation, first) = written();
    let texts = ["two", "three", "four", "five"];
    let backlog: Vec<_> = [first].into_iter().chain(texts.map(|it| floor.send("ana", conversation, it))).collect();
    let (pumped, given) = pump_at_most(&floor, 100);
    assert_eq!((pumped, given), (Totals { sent: 5, ..Totals::default() }, backlog));
    assert_eq!(floor.conversation(conversation).unsettled(), []);
    floor.check();
}

#[test]
fn b10_a_pump_sends_no_more_than_it_is_told() {
    let (floor, conversation, first) = written();
    let backlog = ["two", "three"].map(|it| floor.send("ana", conversation, it));
    let other = floor.send("ana", floor.start_sms("ana", "+351912345679"), "hello");
    assert_eq!(pump_at_most(&floor, 0), (Totals::default(), vec![]));
    let (pumped, given) = pump_at_most(&floor, 3);
    assert_eq!((pumped.sent, given.len()), (3, 3));
    let (pumped, rest) = pump_at_most(&floor, 3);
    assert_eq!((pumped.sent, rest.len()), (1, 1), "what is left");
    let all: BTreeSet<_> = given.into_iter().chain(rest).collect();
    assert_eq!(all, [first, backlog[0], backlog[1], other].into());
    assert_eq!(pump_at_most(&floor, 3).0.total(), 0);
}

#[test]
fn b10_a_pump_sends_no_more_than_it_is_told_though_others_were_faster_with_some() {
    let (floor, _, first) = written();
    let others = ["+351912345671", "+351912345672", "+351912345673"];
    let others = others.map(|number| floor.send("bruno", floor.start_sms("bruno", number), "hello"));
    let second = floor.desk.store().entries().into_iter().filter(|it| it.index == Index::Outbox).nth(1).unwrap();
    let second = second.key.as_message().unwrap();
    let given = Mutex::new(0);
    let while_another_claims = |dispatch: &Dispatch| {
        *given.lock().unwrap() += 1;
        drop(floor.run_as(floor.id(), &ClaimDispatch { message: second }));
        accepted(dispatch.idempotency_key)
    };
    let pumped = floor.desk.deliver_due(floor.id(), &while_another_claims, &NoMedia, 2).unwrap();
    assert_eq!((pumped.totals().sent, pumped.messages.len(), given.into_inner().unwrap()), (2, 2, 2));
    assert!(pumped.messages.iter().all(|it| it.message != second), "it is the other's");
    assert_eq!([first].iter().chain(&others).filter(|it| status(&floor, **it) == Status::Queued).count(), 2);
}

#[test]
fn b10_a_pump_tells_what_came_of_each_message() {
    let floor = Floor::with(|setup| setup.organization.timings.delivery.max_attempts = 1);
    floor.sign_in(&["ana", "bruno"]);
    let written = floor.now();
    let send = |agent: &str, last: u8| {
        let conversation = floor.start_sms(agent, &format!("+35191234567{last}"));
        floor.send(agent, conversation, "hello")
    };
    let [taken, busy] = [1, 2].map(|last| send("ana", last));
    let [wrong, stopped, late] = [3, 4, 5].map(|last| send("bruno", last));
    floor.receive_sms("sms_care", "+351912345674", "STOP");
    claim(&floor, late);
    floor.advance(60);
    let answer = |dispatch: &Dispatch| match dispatch.idempotency_key {
        it if it == busy => SendResult::transient(Cause::Busy, "busy"),
        it if it == wrong => permanent(),
        it => accepted(it),
    };
    let mut pumped = floor.desk.deliver_due(floor.id(), &answer, &NoMedia, 100).unwrap();
    assert_eq!(serde_json::from_str::<Pumped>(&serde_json::to_string(&pumped).unwrap()).unwrap(), pumped);
    assert_eq!(pumped.totals(), Totals { sent: 1, postponed: 1, failed: 3, ..Totals::default() });
    assert_eq!(pumped.totals().total(), 5);
    assert_eq!(
        pumped.messages.last().map(|it| (it.message, it.due)),
        Some((late, floor.now())),
        "since its lease lapsed"
    );
    assert!(pumped.messages.iter().rev().skip(1).all(|it| it.due == written), "in the order in which they were due");
    pumped.messages.sort_by_key(|it| it.message);
    let answered = |it| PumpedHow::Answered { attempt: 1, result: it };
    let told = [taken, busy, wrong, late].map(|message| pumped.messages.iter().find(|it| it.message == message));
    let expected = [
        answered(accepted(taken)),
        answered(SendResult::transient(Cause::Busy, "busy")),
        answered(permanent()),
        PumpedHow::GivenUp,
    ];
    assert_eq!(told.map(|it| it.unwrap().how.clone()), expected);
    let PumpedHow::Refused(reasons) = &pumped.messages.iter().find(|it| it.message == stopped).unwrap().how else {
        panic!("{pumped:?}")
    };
    assert_eq!(reasons.codes(), [Code::ConsentOptedOut]);
    let mut names: Vec<_> = pumped.messages.iter().map(|it| it.how.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["failed", "given_up", "postponed", "refused", "sent"]);
}

#[test]
fn b10_a_pump_tells_what_waits_and_what_is_stuck() {
    let others = [
        (PumpedHow::Deferred { until: DateTime::UNIX_EPOCH }, "deferred", Totals { postponed: 1, ..Totals::default() }),
        (PumpedHow::Expired, "expired", Totals { expired: 1, ..Totals::default() }),
        (PumpedHow::Stuck { answered: None, why: String::new() }, "stuck", Totals { stuck: 1, ..Totals::default() }),
    ];
    let (_, _, message) = written();
    for (how, name, totals) in others {
        assert_eq!(how.as_str(), name);
        let messages = vec![PumpedMessage { message, due: DateTime::UNIX_EPOCH, how }];
        let pumped = Pumped { messages, ..Pumped::default() };
        assert_eq!((pumped.totals(), pumped.totals().total()), (totals, 1));
    }
}

/// The floor's world without a conversation, on another floor: nothing about its messages can be written down any more.
fn without_conversation(floor: &Floor, conversation: ConversationId) -> Floor {
    let records = floor.world();
    let kept = records.records().filter(|it| it.record.key() != Key::conversation(conversation)).cloned();
    let other = desk_over(floor, &World::new(kept));
    other.clock.advance(floor.now() - other.now());
    other
}

#[test]
fn b10_a_message_that_is_stuck_does_not_keep_the_others_from_being_sent() {
    let (floor, broken, _) = written();
    let conversation = floor.start_sms("ana", "+351912345679");
    let late = floor.start_sms("bruno", "+351912345670");
    floor.advance(1);
    let sent = ["one", "two"].map(|it| floor.send("ana", conversation, it));
    let expired =
        floor.ok(&SendMessage { not_after: Some(floor.now() + TimeDelta::seconds(1)), ..text("bruno", late, "soon") });
    floor.advance(1);

    // The provider takes the message whose conversation is missing, and that cannot be written down.
    let unwritten = without_conversation(&floor, broken);
    let (pumped, given) = pump_at_most(&unwritten, 100);
    assert_eq!(pumped, Totals { sent: 2, expired: 1, stuck: 1, ..Totals::default() });
    assert_eq!((given.len(), sent.map(|it| given.contains(&it))), (3, [true; 2]));

    // A message that has expired is not even claimed where its conversation is missing.
    let unclaimed = without_conversation(&floor, late);
    let (pumped, given) = pump_at_most(&unclaimed, 100);
    assert_eq!(pumped, Totals { sent: 3, stuck: 1, ..Totals::default() });
    assert!(!given.contains(&expired.message));
    assert_eq!(pump_at_most(&unclaimed, 100).0, Totals { stuck: 1, ..Totals::default() }, "it is tried again");
}

#[test]
fn b10_stuck_messages_at_the_head_do_not_use_up_the_limit() {
    let floor = Floor::new();
    floor.sign_in(&["ana", "bruno"]);
    let late = floor.start_sms("bruno", "+351912345670");
    let soon = Some(floor.now() + TimeDelta::seconds(1));
    floor.ok(&SendMessage { not_after: soon, ..text("bruno", late, "soon") });
    floor.advance(1);
    let conversation = floor.start_sms("ana", "+351912345679");
    floor.send("ana", conversation, "one");
    let stuck_first = without_conversation(&floor, late);
    assert_eq!(pump_at_most(&stuck_first, 1).0, Totals { sent: 1, stuck: 1, ..Totals::default() });
}

#[test]
fn b10_a_providers_words_are_kept_bounded_and_on_one_line_and_are_not_printed() {
    let problem = Problem::new(Cause::Busy, &format!("  to +351912345678:\r\n{}", "x".repeat(10_000)));
    assert!(problem.text().starts_with("to +351912345678:  xxx"));
    assert_eq!(problem.text().chars().count(), 500);
    assert_eq!(format!("{problem:?}"), "Problem(busy, •••)");
    let long = format!(r#"{{"cause":"blocked","text":"a\u0000b{}"}}"#, "ã".repeat(600));
    let read: Problem = serde_json::from_str(&long).unwrap();
    assert_eq!((read.cause(), read.text().chars().count()), (Cause::Blocked, 500));
    assert!(read.text().starts_with("a b"));
    assert_eq!(Problem::from("what?").cause(), Cause::Unknown);
}

#[test]
fn b10_a_message_is_known_under_each_name_that_its_provider_gives_it() {
    let (floor, _, message) = written();
    let early = ReportDelivery { provider: id("alias-2"), ..report(message, ReceiptStatus::Delivered) };
    assert_eq!(floor.ok(&early), Reported::Early);
    let earlier = ReportDelivery { provider: id("alias-1"), ..report(message, ReceiptStatus::Failed) };
    assert_eq!(floor.ok(&earlier), Reported::Early);
    claim(&floor, message);
    let names = ["alias-1", "alias-2", "alias-1"].map(id);
    let took = names.into_iter().fold(accepted(message).known_as(provider_of(message)), SendResult::known_as);
    record(&floor, message, 1, took);
    let kept = floor.events().into_iter().find_map(|envelope| match envelope.event {
        Event::Message(MessageEvent::AcceptedByProvider { aliases, .. }) => Some(aliases),
        _ => None,
    });
    assert_eq!(kept.unwrap(), ["alias-1", "alias-2"].map(id), "each once, beside its first name");
    let delivery = floor.message(message).delivery().clone();
    assert_eq!((delivery.status, delivery.problem), (Status::Delivered, None), "the furthest counts");
    for name in [provider_of(message), id("alias-1"), id("alias-2")] {
        let read = ReportDelivery { provider: name, ..report(message, ReceiptStatus::Sent) };
        assert_eq!(floor.ok(&read), Reported::OldNews(Status::Delivered));
    }
}

#[test]
fn b10_no_provider_names_a_message_without_end() {
    let (floor, conversation, message) = written();
    let many = (0..20).map(|nth| id(&format!("n-{nth}"))).fold(accepted(message), SendResult::known_as);
    record(&floor, message, 1, many);
    let known =
        |nth: usize| ReportDelivery { provider: id(&format!("n-{nth}")), ..report(message, ReceiptStatus::Sent) };
    assert_eq!(floor.ok(&known(7)), Reported::OldNews(Status::Sent));
    assert_eq!(floor.ok(&known(8)), Reported::Early);
    // A name that another message has stays with that one.
    let second = floor.send("ana", conversation, "again");
    record(&floor, second, 1, accepted(second).known_as(provider_of(message)));
    assert_eq!(floor.ok(&report(message, ReceiptStatus::Read)), Reported::Advanced(Status::Read));
    assert_eq!(status(&floor, second), Status::Sent);
}

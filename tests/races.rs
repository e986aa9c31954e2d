//! Threads on one store: whoever is faster, the rules hold.
//!
//! Every race is run many times. A barrier starts its threads; the store lets others in between a load and what follows it,
//! so that commits do meet. After each race every invariant is checked.

#![expect(clippy::panic, clippy::expect_used, reason = "the helpers of tests fail as tests do")]

mod support;

use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Mutex};

use chrono::TimeDelta;
use outbound::command::{
    Accept, AnswerHandover, CancelTransfer, ClaimDispatch, Close, FireDue, OnConflict, RecordAttempt, RetryMessage,
    RouteNext, SendMessage, SignOut, StartOutbound, Target, Transfer, Unfinished,
};
use outbound::desk::Desk;
use outbound::directory::Directory;
use outbound::engine::{Changes, Command, Loaded, Reads};
use outbound::memory::MemoryStore;
use outbound::model::{
    By, Cause, CommandId, ContactEvent, ConversationEvent, ConversationId, Dispatch, Holder, Key, MediaClass,
    MessageEvent, MessageId, OfferId, SendResult, State, Status, TaskState, Wording,
};
use outbound::port::{CommitError, EventPage, EventQuery, Failure, ManualClock, NoMedia, Store};
use outbound::record::{Answered, Done, Event, Started, StartedHow};
use outbound::refusal::{Code, Refusals};

use crate::support::{Floor, id, inbound, provider_of, sms};

const RITA: &str = "+351912345678";

/// A store that lets others in between reading and writing, and counts who came too late.
#[derive(Clone, Default)]
struct Crowded {
    store: MemoryStore,
    conflicts: Arc<AtomicUsize>,
}

impl Store for Crowded {
    type Error = Infallible;

    fn load(&self, reads: &Reads) -> Result<Loaded, Infallible> {
        let loaded = self.store.load(reads);
        std::thread::yield_now();
        loaded
    }

    fn commit(&self, changes: Changes) -> Result<(), CommitError<Infallible>> {
        std::thread::yield_now();
        let outcome = self.store.commit(changes);
        if outcome.is_err() {
            self.conflicts.fetch_add(1, Ordering::Relaxed);
        }
        outcome
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, Infallible> {
        self.store.events(query)
    }
}

type Outcome<T> = Result<T, Failure<Infallible>>;
type Work<'a, T> = Box<dyn FnOnce(&Crew) -> T + Send + 'a>;

/// The desk that the threads share; the floor looks at the same store.
struct Crew {
    desk: Desk<Crowded, Arc<ManualClock>>,
}

impl Crew {
    fn of(floor: &Floor, conflicts: &Arc<AtomicUsize>) -> Self {
        let store = Crowded { store: MemoryStore::clone(floor.desk.store()), conflicts: Arc::clone(conflicts) };
        Self { desk: Desk::new(store, floor.desk.terms(), Arc::clone(&floor.clock)) }
    }

    fn run<C: Command>(&self, number: CommandId, command: &C) -> Outcome<C::Output> {
        self.desk.run(number, command)
    }
}

/// Starts the works at one instant, and answers what came of each, in their order.
fn together<'a, T: Send>(crew: &Crew, works: Vec<Work<'a, T>>) -> Vec<T> {
    let barrier = Barrier::new(works.len());
    std::thread::scope(|scope| {
        let begin = |work: Work<'a, T>| {
            scope.spawn(|| {
                barrier.wait();
                work(crew)
            })
        };
        let threads: Vec<_> = works.into_iter().map(begin).collect();
        threads.into_iter().map(|thread| thread.join().expect("no thread panics")).collect()
    })
}

/// Runs a race many times, each on a new floor, and checks the floor after each.
fn races(times: usize, race: impl Fn(&Floor, &Crew)) {
    let conflicts = Arc::<AtomicUsize>::default();
    for _ in 0..times {
        let floor = Floor::new();
        floor.sign_in(&["ana", "bruno", "carla", "hugo"]);
        let crew = Crew::of(&floor, &conflicts);
        race(&floor, &crew);
        floor.check();
        one_holder_each(&floor);
    }
    assert!(conflicts.load(Ordering::Relaxed) > 0, "the threads never met");
}

fn one_holder_each(floor: &Floor) {
    let world = floor.world();
    for conversation in world.conversations() {
        let holders = world.presences().filter(|presence| {
            let slot = presence.slot_of(conversation.id());
            slot.is_some_and(|slot| matches!(slot.occupant, outbound::model::Occupant::Task { .. }))
        });
        assert_eq!(holders.count(), usize::from(conversation.state().agent().is_some()));
        assert_eq!(conversation.is_closed(), conversation.state().holder().is_none());
    }
}

fn work<'a, C: Command + 'a>(floor: &Floor, command: C) -> Work<'a, Outcome<C::Output>> {
    let number = floor.id();
    Box::new(move |crew| crew.run(number, &command))
}

/// The same, with an answer that says no more than whether it was done.
fn done<'a, C: Command + 'a>(floor: &Floor, command: C) -> Work<'a, Result<(), Refusals>> {
    let number = floor.id();
    Box::new(move |crew| match crew.run(number, &command) {
        Ok(_) => Ok(()),
        Err(Failure::Refused(refusals)) => Err(*refusals),
        Err(other) => panic!("{command:?}: {other:?}"),
    })
}

fn refusals<T: std::fmt::Debug>(outcome: &Outcome<T>) -> &Refusals {
    match outcome {
        Err(Failure::Refused(refusals)) => refusals,
        other => panic!("should be refused, but: {other:?}"),
    }
}

#[test]
fn r11_two_agents_start_to_the_same_customer() {
    races(600, |floor, crew| {
        let outcomes = together(crew, vec![work(floor, sms("ana", RITA)), work(floor, sms("bruno", RITA))]);
        let won: Vec<&Started> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
        assert_eq!(won.len(), 1, "exactly one wins");
        let lost = outcomes.iter().find(|outcome| outcome.is_err()).expect("the other is refused");
        let reason = refusals(lost).primary();
        assert_eq!(*reason.code(), Code::ConversationExists);
        assert_eq!(reason.conversation(), Some(won[0].conversation));
    });
}

#[test]
fn b09_two_agents_start_to_the_two_numbers_of_one_phone() {
    races(600, |floor, crew| {
        let works = vec![work(floor, sms("ana", "+5511961234567")), work(floor, sms("bruno", "+551161234567"))];
        let outcomes = together(crew, works);
        let won: Vec<&Started> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
        assert_eq!(won.len(), 1, "exactly one wins");
        let lost = outcomes.iter().find(|outcome| outcome.is_err()).expect("the other is refused");
        assert_eq!(refusals(lost).primary().conversation(), Some(won[0].conversation));
        assert_eq!(floor.world().contacts().count(), 1);
    });
}

#[test]
fn r12_threads_fill_the_last_slots_of_an_agent() {
    // Bruno's site gives three social slots.
    races(240, |floor, crew| {
        let works = (0..8).map(|nth| work(floor, sms("bruno", &format!("+35191234560{nth}")))).collect();
        let outcomes = together(crew, works);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 3);
        for lost in outcomes.iter().filter(|outcome| outcome.is_err()) {
            assert_eq!(refusals(lost).codes(), [Code::CapacityFull]);
            assert_eq!(refusals(lost).primary().count("used"), Some(3));
        }
        assert_eq!(floor.presence("bruno").used(MediaClass::Social), 3);
        assert_eq!(floor.world().conversations().count(), 3, "nothing is half-created");
    });
}

#[test]
fn b01_a_first_message_and_a_start_make_one_conversation() {
    races(600, |floor, crew| {
        let (number, inbound_number) = (floor.id(), floor.id());
        let works: Vec<Work<'_, Option<ConversationId>>> = vec![
            Box::new(move |crew| match crew.run(number, &sms("ana", RITA)) {
                Ok(started) => Some(started.conversation),
                Err(Failure::Refused(refusals)) => refusals.primary().conversation(),
                Err(other) => panic!("{other:?}"),
            }),
            Box::new(move |crew| {
                let received = crew.run(inbound_number, &inbound("sms_care", RITA, "in-1", "hello"));
                Some(received.expect("a customer is always heard").conversation)
            }),
        ];
        let of = together(crew, works);
        assert_eq!(of[0], of[1], "both speak of one conversation");
        assert_eq!(floor.world().conversations().count(), 1);
        assert_eq!(floor.world().messages().count(), 1);
    });
}

#[test]
fn b01_many_first_messages_make_one_conversation() {
    races(200, |floor, crew| {
        let from = |nth: usize| work(floor, inbound("sms_care", RITA, &format!("in-{nth}"), "hello"));
        let outcomes = together(crew, (0..6).map(from).collect());
        let opened = outcomes.iter().filter(|outcome| outcome.as_ref().is_ok_and(|received| received.opened)).count();
        assert_eq!(opened, 1);
        let world = floor.world();
        let mut numbers: Vec<u32> = world.messages().map(|message| message.draft().number).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2, 3, 4, 5, 6]);
        assert_eq!(world.conversations().map(outbound::model::Conversation::messages).collect::<Vec<_>>(), [6]);
    });
}

/// Ana asks Bruno to take a conversation.
fn transferred(floor: &Floor) -> (ConversationId, OfferId) {
    let conversation = floor.start_sms("ana", RITA);
    (conversation, floor.transfer("ana", conversation, "bruno").offer)
}

fn accept(conversation: ConversationId, offer: OfferId) -> Accept {
    Accept { agent: id("bruno"), conversation, offer }
}

#[test]
fn r49_an_accept_races_the_timeout() {
    races(400, |floor, crew| {
        let (conversation, offer) = transferred(floor);
        floor.advance(29);
        let clock = Arc::clone(&floor.clock);
        let fire = floor.id();
        let time: Work<'_, Result<(), Refusals>> = Box::new(move |crew| {
            clock.advance(TimeDelta::seconds(2));
            crew.run(fire, &FireDue { at: Key::conversation(conversation) }).expect("firing is never refused");
            Ok(())
        });
        let outcomes = together(crew, vec![done(floor, accept(conversation, offer)), time]);
        let taken = outcomes[0].is_ok();
        let by = floor.conversation(conversation).state().agent().cloned();
        assert_eq!(by, Some(id(if taken { "bruno" } else { "ana" })));
        assert_eq!(floor.state("bruno") == State::Rona, !taken);
        if let Err(refusals) = &outcomes[0] {
            assert!(matches!(refusals.primary().code(), Code::OfferLapsed | Code::OfferNotPending), "{refusals}");
        }
    });
}

#[test]
fn r49_an_accept_races_the_cancelling() {
    races(600, |floor, crew| {
        let (conversation, offer) = transferred(floor);
        let cancel = CancelTransfer { agent: id("ana"), conversation };
        let outcomes = together(crew, vec![done(floor, accept(conversation, offer)), done(floor, cancel)]);
        assert_ne!(outcomes[0].is_ok(), outcomes[1].is_ok(), "one of the two");
        let by = floor.conversation(conversation).state().agent().cloned();
        assert_eq!(by, Some(id(if outcomes[0].is_ok() { "bruno" } else { "ana" })));
        assert_eq!(floor.presence("ana").transferring(), None);
    });
}

#[test]
fn r49_an_accept_races_the_signing_out() {
    races(600, |floor, crew| {
        let (conversation, offer) = transferred(floor);
        let out = SignOut { agent: id("bruno"), unfinished: Unfinished::Requeue };
        let outcomes = together(crew, vec![done(floor, accept(conversation, offer)), done(floor, out)]);
        assert!(outcomes[1].is_ok());
        assert_eq!(floor.presence("bruno").slots(), []);
        match floor.conversation(conversation).state() {
            TaskState::Active { agent, .. } => assert!(outcomes[0].is_err() && *agent == id("ana")),
            TaskState::Queued { .. } => assert!(outcomes[0].is_ok()),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn r48_two_transfers_of_one_agent() {
    races(320, |floor, crew| {
        let ask = |number: &str, to: &str| {
            let conversation = floor.start_sms("ana", number);
            done(floor, Transfer { agent: id("ana"), conversation, to: Target::Agent(id(to)) })
        };
        let outcomes = together(crew, vec![ask(RITA, "bruno"), ask("+351912345679", "carla")]);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let lost = outcomes.iter().find_map(|outcome| outcome.as_ref().err()).expect("one is refused");
        assert_eq!(lost.codes(), [Code::TransferPending]);
    });
}

#[test]
fn b10_two_pumps_hand_every_message_over_once() {
    races(100, |floor, crew| {
        for nth in 0..2 {
            let conversation = floor.start_sms("ana", &format!("+35191234560{nth}"));
            for _ in 0..3 {
                floor.send("ana", conversation, "hello");
            }
        }
        let taken = Mutex::new(Vec::new());
        for _ in 0..3 {
            let pump = || -> Work<'_, usize> {
                let (number, taken) = (floor.id(), &taken);
                Box::new(move |crew| {
                    let takes = |dispatch: &Dispatch| {
                        taken.lock().expect("no thread panics").push(dispatch.idempotency_key);
                        SendResult::accepted(provider_of(dispatch.idempotency_key))
                    };
                    crew.desk.deliver_due(number, &takes, &NoMedia, 10).expect("the pump works").totals().sent
                })
            };
            together(crew, vec![pump(), pump()]);
        }
        let mut taken = taken.into_inner().expect("no thread panics");
        let handed = taken.len();
        taken.sort_unstable();
        taken.dedup();
        assert_eq!((taken.len(), handed), (6, 6), "each once");
        assert!(floor.world().messages().all(|message| message.status() == Status::Sent));
    });
}

#[test]
fn b10_threads_claim_one_message() {
    races(240, |floor, crew| {
        let conversation = floor.start_sms("ana", RITA);
        let message = floor.send("ana", conversation, "hello");
        let works = (0..6).map(|_| done(floor, ClaimDispatch { message })).collect();
        let outcomes = together(crew, works);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert_eq!(floor.message(message).delivery().attempts, 1);
    });
}

#[test]
fn b05_an_opt_out_races_the_claim_of_a_message() {
    races(400, |floor, crew| {
        let conversation = floor.start_sms("ana", RITA);
        let message = floor.send("ana", conversation, "hello");
        let works = vec![
            done(floor, ClaimDispatch { message }),
            done(floor, inbound("sms_care", RITA, "in-stop", "STOP")),
            done(floor, ClaimDispatch { message }),
        ];
        let outcomes = together(crew, works);
        assert!(outcomes[1].is_ok(), "the customer is always heard");
        nothing_leaves_after_an_opt_out(floor);
        // Whoever claims later finds the opt-out, even where an attempt went out before it.
        floor.advance(120);
        let _ = crew.run(floor.id(), &ClaimDispatch { message });
        nothing_leaves_after_an_opt_out(floor);
        assert_eq!(floor.message(message).status(), Status::Failed);
    });
}

/// In the order in which the commits were made, no attempt begins and no message is written after an opt-out.
fn nothing_leaves_after_an_opt_out(floor: &Floor) {
    let mut opted_out = false;
    for envelope in floor.events() {
        match envelope.event {
            Event::Contact(ContactEvent::OptedOut { .. }) => opted_out = true,
            Event::Message(MessageEvent::AttemptBegun { .. }) => assert!(!opted_out, "it leaves all the same"),
            Event::Conversation(ConversationEvent::MessageSent { .. }) => assert!(!opted_out, "it is written"),
            _ => {}
        }
    }
}

#[test]
fn b05_an_opt_out_races_a_start_and_a_message() {
    races(400, |floor, crew| {
        let conversation = floor.start_sms("ana", RITA);
        let works = vec![
            done(floor, SendMessage::new(id("ana"), conversation, Wording::text("hello"))),
            done(floor, inbound("sms_care", RITA, "in-stop", "STOP")),
        ];
        together(crew, works);
        nothing_leaves_after_an_opt_out(floor);
        let other = "+351912345679";
        let works = vec![done(floor, sms("bruno", other)), done(floor, inbound("sms_care", other, "in-no", "STOP"))];
        let outcomes = together(crew, works);
        // Whoever was first: the start, and the word reaches its agent; or the word, and the start is refused.
        let reasons = outcomes[0].as_ref().err().map(Refusals::codes);
        assert!(reasons.is_none_or(|codes| codes == [Code::ConsentOptedOut]));
    });
}

#[test]
fn b06_two_messages_race_for_the_last_place_under_a_cap() {
    races(300, |floor, crew| {
        let mut setup = floor.desk.terms().directory().setup().clone();
        setup.organization.caps.limits = serde_json::from_str(r#"[{"count":1,"within_seconds":60}]"#).expect("caps");
        let capped = Directory::new(setup).expect("the set-up is sound");
        crew.desk.replace_directory(capped).expect("it is the same organization's");
        let rita = Some(id("rita"));
        let of_rita = |agent: &str, to: &str| StartOutbound { customer: rita.clone(), ..sms(agent, to) };
        let first = floor.ok(&of_rita("ana", RITA)).conversation;
        let second = floor.ok(&of_rita("bruno", "+351912345679")).conversation;
        let send = |agent, conversation| done(floor, SendMessage::new(id(agent), conversation, Wording::text("hello")));
        let outcomes = together(crew, vec![send("ana", first), send("bruno", second)]);
        let lost: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
        assert_eq!(lost.len(), 1, "one place, one message");
        assert_eq!(lost[0].codes(), [Code::CapsReached]);
    });
}

#[test]
fn b10_threads_retry_one_message() {
    races(240, |floor, crew| {
        let conversation = floor.start_sms("ana", RITA);
        let message = floor.send("ana", conversation, "hello");
        floor.ok(&ClaimDispatch { message });
        let result = SendResult::permanent(Cause::Blocked, "no");
        floor.ok(&RecordAttempt { message, attempt: 1, result });
        let works = (0..4).map(|_| done(floor, RetryMessage::new(id("ana"), message))).collect();
        let outcomes = together(crew, works);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        assert_eq!(floor.world().messages().count(), 2, "it is sent again once");
    });
}

#[test]
fn b04_a_takeover_races_the_router() {
    races(480, |floor, crew| {
        let conversation = floor.receive_sms("sms_care", RITA, "hello").conversation;
        let over = StartOutbound { on_conflict: OnConflict::TakeOver, ..sms("ana", RITA) };
        let route = RouteNext { queue: id("care_queue"), agent: Some(id("bruno")) };
        let outcomes = together(crew, vec![done(floor, over), done(floor, route)]);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "never two holders");
        match floor.conversation(conversation).state() {
            TaskState::Active { agent, .. } => assert!(outcomes[0].is_ok() && *agent == id("ana")),
            TaskState::Offered { offer, .. } => assert!(outcomes[1].is_ok() && offer.to == id("bruno")),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn b04_two_take_over_the_same() {
    races(480, |floor, crew| {
        let conversation = floor.receive_sms("sms_care", RITA, "hello").conversation;
        let over = |agent| work(floor, StartOutbound { on_conflict: OnConflict::TakeOver, ..sms(agent, RITA) });
        let outcomes = together(crew, vec![over("ana"), over("bruno")]);
        let won: Vec<&Started> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
        assert_eq!(won.len(), 1);
        assert_eq!((won[0].conversation, won[0].how), (conversation, StartedHow::TookOver));
        let lost = outcomes.iter().find(|outcome| outcome.is_err()).expect("the other is refused");
        assert!(refusals(lost).has(&Code::ConversationHeld));
    });
}

#[test]
fn b04_a_handover_races_the_closing() {
    races(400, |floor, crew| {
        let conversation = floor.start_sms("ana", RITA);
        let asked = floor.ok(&StartOutbound { on_conflict: OnConflict::AskHolder, ..sms("bruno", RITA) });
        let StartedHow::HandoverAsked(request) = asked.how else { panic!("{asked:?}") };
        let give = AnswerHandover { agent: id("ana"), conversation, request, give: true };
        let close = Close { by: By::Agent(id("ana")), conversation };
        let outcomes = together(crew, vec![done(floor, give), done(floor, close)]);
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let holder = floor.conversation(conversation).state().holder();
        assert_eq!(holder, outcomes[0].is_ok().then(|| Holder::Agent(id("bruno"))));
    });
}

#[test]
fn r39_a_message_races_the_closing() {
    races(600, |floor, crew| {
        let first = floor.start_sms("ana", RITA);
        let (closing, coming) = (floor.id(), floor.id());
        let works: Vec<Work<'_, Option<ConversationId>>> = vec![
            Box::new(move |crew| {
                let close = Close { by: By::Agent(id("ana")), conversation: first };
                assert_eq!(crew.run(closing, &close), Ok(Done));
                None
            }),
            Box::new(move |crew| {
                let received = crew.run(coming, &inbound("sms_care", RITA, "in-1", "hello"));
                Some(received.expect("a customer is always heard").conversation)
            }),
        ];
        let heard = together(crew, works)[1].expect("the message's conversation");
        let conversation = floor.conversation(heard);
        assert_eq!(conversation.messages(), 1, "the message is in it");
        if heard != first {
            assert_eq!(conversation.previous(), Some(first));
            assert!(!conversation.is_closed());
        }
    });
}

#[test]
fn r47_a_send_races_the_freezing() {
    races(480, |floor, crew| {
        let conversation = floor.start_sms("ana", RITA);
        let send = SendMessage::new(id("ana"), conversation, Wording::text("hello"));
        let transfer = Transfer { agent: id("ana"), conversation, to: Target::Agent(id("bruno")) };
        let outcomes = together(crew, vec![done(floor, send), done(floor, transfer)]);
        assert!(outcomes[1].is_ok());
        let names: Vec<_> = floor.events().iter().map(|envelope| envelope.event.name()).collect();
        let place = |name| names.iter().position(|it| *it == name);
        match &outcomes[0] {
            Ok(()) => assert!(place("message_sent") < place("frozen"), "sent before it froze"),
            Err(refusals) => {
                assert_eq!(refusals.codes(), [Code::TaskFrozen]);
                assert_eq!(place("message_sent"), None);
            }
        }
    });
}

#[test]
fn b02_one_command_from_many_threads_is_done_once() {
    races(240, |floor, crew| {
        let conversation = floor.start_sms("carla", RITA);
        let (starting, sending) = (floor.id(), floor.id());
        let works = (0..8).map(|_| -> Work<'_, (Outcome<Started>, MessageId)> {
            Box::new(move |crew| {
                let send = SendMessage::new(id("carla"), conversation, Wording::text("hello"));
                let started = crew.run(starting, &sms("ana", "+351912345679"));
                (started, crew.run(sending, &send).expect("it is sent").message)
            })
        });
        let outcomes = together(crew, works.collect());
        assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "one outcome: {outcomes:?}");
        assert!(outcomes[0].0.is_ok());
        assert_eq!(floor.world().conversations().count(), 2);
        assert_eq!(floor.world().messages().count(), 1);
    });
}

#[test]
fn b02_one_answer_from_many_threads_is_given_once() {
    races(240, |floor, crew| {
        let (conversation, offer) = transferred(floor);
        let number = floor.id();
        let works = (0..8).map(|_| -> Work<'_, Outcome<Answered>> {
            Box::new(move |crew| crew.run(number, &accept(conversation, offer)))
        });
        let outcomes = together(crew, works.collect());
        assert!(outcomes.iter().all(|outcome| *outcome == Ok(Answered::Taken)), "{outcomes:?}");
        assert_eq!(floor.conversation(conversation).task().hops, 1);
    });
}

#[test]
fn r12_the_set_up_is_swapped_while_commands_run() {
    races(160, |floor, crew| {
        let setup = floor.desk.terms().directory().setup().clone();
        let narrow: Work<'_, bool> = Box::new(move |crew| {
            for turn in 0..6u64 {
                let mut setup = setup.clone();
                setup.version += turn + 1;
                let site_wide = setup.profiles.iter_mut().find(|profile| profile.id == id("site_wide"));
                site_wide.expect("the profile").limits.social.slots = if turn % 2 == 0 { 1 } else { 3 };
                let directory = Directory::new(setup).expect("the set-up is sound");
                crew.desk.replace_directory(directory).expect("it is the same organization's");
                std::thread::yield_now();
            }
            false
        });
        let start = |nth: usize| -> Work<'_, bool> {
            let number = floor.id();
            let command = sms("bruno", &format!("+35191234560{nth}"));
            Box::new(move |crew| match crew.run(number, &command) {
                Ok(_) => true,
                Err(Failure::Refused(refusals)) => {
                    let reason = refusals.primary();
                    assert_eq!(refusals.codes(), [Code::CapacityFull]);
                    assert!(matches!(reason.count("limit"), Some(1 | 3)));
                    assert!(reason.count("used") >= reason.count("limit"));
                    false
                }
                Err(other) => panic!("{other:?}"),
            })
        };
        let works = std::iter::once(narrow).chain((0..6).map(start)).collect();
        let started = together(crew, works).into_iter().filter(|started| *started).count();
        assert!((1..=3).contains(&started), "{started}");
        assert_eq!(floor.presence("bruno").used(MediaClass::Social), started);
    });
}

#[test]
fn everybody_at_once() {
    races(24, |floor, crew| {
        let customers = ["+351912345601", "+351912345602", "+351912345603"];
        let agents = ["ana", "bruno", "carla", "hugo"];
        let busy = |agent: &'static str| -> Work<'_, usize> {
            let numbers: Vec<CommandId> = (0..40).map(|_| floor.id()).collect();
            Box::new(move |crew| {
                let mut opened = 0;
                for (nth, number) in numbers.chunks_exact(2).enumerate() {
                    let start = sms(agent, customers[nth % customers.len()]);
                    if let Ok(started) = crew.run(number[0], &start) {
                        opened += 1;
                        let close = Close { by: By::Agent(id(agent)), conversation: started.conversation };
                        assert_eq!(crew.run(number[1], &close), Ok(Done));
                    }
                }
                opened
            })
        };
        let heard: Work<'_, usize> = {
            let numbers: Vec<CommandId> = (0..20).map(|_| floor.id()).collect();
            Box::new(move |crew| {
                for (nth, number) in numbers.iter().enumerate() {
                    let from = customers[nth % customers.len()];
                    let received = crew.run(*number, &inbound("sms_care", from, &format!("in-{nth}"), "hello"));
                    let conversation = received.expect("a customer is always heard").conversation;
                    let close = Close { by: By::Host, conversation };
                    let closing = crew.run(number.step(7), &close);
                    assert!(closing == Ok(Done) || closing.is_err_and(|it| it.refusals().is_some()));
                }
                0
            })
        };
        let works = agents.into_iter().map(busy).chain([heard]).collect();
        let opened: usize = together(crew, works).into_iter().sum();
        let outbound = floor.world().conversations().filter(|conversation| conversation.is_outbound()).count();
        assert_eq!(outbound, opened);
        floor.pass(61);
        assert!(floor.world().presences().all(|presence| presence.slots().is_empty()), "no slot is left");
    });
}

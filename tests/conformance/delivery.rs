//! Deliveries: one that keeps its contract passes every check; each that breaks it is found by a check that is named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use outbound::model::{Dispatch, MessageId, SendResult};
use outbound::port::Delivery;
use outbound::testing::conformance::{
    DELIVERY_CHECKS, DeliveryCheck, DeliveryHarness, DeliveryOutcome, Job, Provider, prove_delivery,
};

use crate::simple::{at_once, tell};

/// What is wrong with a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flaw {
    Nothing,
    SendsEachTime,
    RemembersInMemoryOnly,
    AnswersEachTimeAnew,
    LooksBeforeItLocks,
    SendsTooLate,
    TakesALostAnswerForAFailure,
    GivesUpWhenTheProviderIsDown,
    TriesForEver,
    WaitsForEver,
    TakesNothing,
}

use Flaw::*;

/// The provider: it knows what was sent under which key, as real ones do.
#[derive(Debug)]
struct Site {
    behaves: Provider,
    asked: Mutex<usize>,
    sent: Mutex<Vec<MessageId>>,
    known: Mutex<BTreeSet<MessageId>>,
}

struct Sender {
    flaw: Flaw,
    site: Arc<Site>,
    clock: Arc<AtomicI64>,
    remembered: Mutex<BTreeMap<MessageId, SendResult>>,
}

fn transient() -> SendResult {
    SendResult::Transient { problem: "not now".into(), not_before: None }
}

fn permanent() -> SendResult {
    SendResult::Permanent { problem: "never".into() }
}

impl Sender {
    fn now(&self) -> DateTime<Utc> {
        at(&self.clock)
    }

    /// The provider sends a message, unless it sent it under its key before; and the answer comes back.
    fn transmit(&self, key: MessageId) -> SendResult {
        let known = |known: &BTreeSet<MessageId>| known.contains(&key) && self.flaw != RemembersInMemoryOnly;
        let fresh = if self.flaw == LooksBeforeItLocks {
            let fresh = !known(&self.site.known.lock().unwrap());
            (0..50).for_each(|_| std::thread::yield_now());
            self.site.known.lock().unwrap().insert(key);
            fresh
        } else {
            let mut all = self.site.known.lock().unwrap();
            let fresh = !known(&all) || self.flaw == SendsEachTime;
            all.insert(key);
            fresh
        };
        let mut sent = self.site.sent.lock().unwrap();
        if fresh {
            sent.push(key);
        }
        let attempt = if self.flaw == AnswersEachTimeAnew { *self.site.asked.lock().unwrap() } else { 0 };
        SendResult::accepted(format!("p-{key}-{attempt}").parse().unwrap())
    }
}

impl Delivery for Sender {
    fn send(&self, dispatch: &Dispatch) -> SendResult {
        let key = dispatch.idempotency_key;
        if dispatch.not_after < self.now() && self.flaw != SendsTooLate {
            return permanent();
        }
        let remembered = self.remembered.lock().unwrap().get(&key).cloned();
        if let (RemembersInMemoryOnly, Some(answer)) = (self.flaw, remembered) {
            return answer;
        }
        let nth = {
            let mut asked = self.site.asked.lock().unwrap();
            *asked += 1;
            *asked
        };
        let answer = match (self.site.behaves, nth) {
            (Provider::Takes, _) if self.flaw == TakesNothing => transient(),
            (Provider::LosesItsFirstAnswer, 1) => {
                self.transmit(key);
                if self.flaw == TakesALostAnswerForAFailure { permanent() } else { transient() }
            }
            (Provider::IsDownAtFirst, 1) if self.flaw == GivesUpWhenTheProviderIsDown => permanent(),
            (Provider::IsDownAtFirst, 1) => transient(),
            (Provider::RefusesForGood, _) if self.flaw == TriesForEver => transient(),
            (Provider::RefusesForGood, _) => permanent(),
            (Provider::Hangs, _) => {
                let seconds = if self.flaw == WaitsForEver { 3600 } else { 20 };
                self.clock.fetch_add(seconds, Ordering::SeqCst);
                transient()
            }
            _ => self.transmit(key),
        };
        self.remembered.lock().unwrap().insert(key, answer.clone());
        answer
    }
}

fn at(clock: &AtomicI64) -> DateTime<Utc> {
    DateTime::from_timestamp(clock.load(Ordering::SeqCst), 0).unwrap()
}

/// A harness over senders with a flaw, by a clock that stands still unless something waits.
struct Senders {
    flaw: Flaw,
    clock: Arc<AtomicI64>,
    providers: &'static [Provider],
}

fn senders(flaw: Flaw) -> Senders {
    Senders { flaw, clock: Arc::new(AtomicI64::new(1_772_442_000)), providers: &Provider::ALL }
}

impl DeliveryHarness for Senders {
    type Delivery = Sender;
    type Site = Arc<Site>;

    fn provider(&self, behaves: Provider) -> Option<Arc<Site>> {
        let site =
            || Arc::new(Site { behaves, asked: Mutex::default(), sent: Mutex::default(), known: Mutex::default() });
        self.providers.contains(&behaves).then(site)
    }
    fn open(&self, site: &Arc<Site>) -> Sender {
        let (site, clock) = (Arc::clone(site), Arc::clone(&self.clock));
        Sender { flaw: self.flaw, site, clock, remembered: Mutex::default() }
    }
    fn sent(&self, site: &Arc<Site>) -> Vec<MessageId> {
        site.sent.lock().unwrap().clone()
    }
    fn now(&self) -> DateTime<Utc> {
        at(&self.clock)
    }
    fn lease(&self) -> TimeDelta {
        TimeDelta::seconds(60)
    }
    fn together(&self, jobs: Vec<Job<'_>>) {
        at_once(jobs);
    }
    fn skipped(&self, what: &str) {
        tell(what);
    }
}

outbound::testing::delivery_conformance!(senders(Nothing));

/// Each flaw, and the check that finds it.
const KILLED: [(Flaw, &str); 10] = [
    (SendsEachTime, "delivery_sends_once_under_one_key"),
    (RemembersInMemoryOnly, "delivery_remembers_over_a_crash"),
    (AnswersEachTimeAnew, "delivery_sends_once_under_one_key"),
    (LooksBeforeItLocks, "delivery_sends_once_when_asked_at_once"),
    (SendsTooLate, "delivery_sends_nothing_too_late"),
    (TakesALostAnswerForAFailure, "delivery_sends_once_when_an_answer_is_lost"),
    (GivesUpWhenTheProviderIsDown, "delivery_is_transient_while_it_may_succeed"),
    (TriesForEver, "delivery_is_permanent_when_it_cannot_succeed"),
    (WaitsForEver, "delivery_waits_no_longer_than_the_lease"),
    (TakesNothing, "delivery_takes_what_can_be_sent"),
];

#[test]
fn every_flaw_is_found_by_the_check_that_is_named() {
    for (flaw, check) in KILLED {
        let check = DeliveryCheck::find(check).unwrap();
        // Who meets whom is a matter of chance: a few tries.
        assert!((0..3).any(|_| check.run(&senders(flaw)).is_err()), "{flaw:?} passed {}", check.id);
    }
}

#[test]
fn every_check_finds_some_flaw_and_none_is_skipped_by_a_harness_that_can_do_everything() {
    for check in DELIVERY_CHECKS {
        assert!(KILLED.iter().any(|(_, killer)| *killer == check.id), "{} finds nothing", check.id);
        assert_eq!(check.run(&senders(Nothing)), Ok(DeliveryOutcome::Passed), "{}", check.id);
    }
}

#[test]
fn a_check_whose_provider_is_missing_is_skipped_and_not_passed() {
    let without = Senders { providers: &[Provider::Takes], ..senders(WaitsForEver) };
    let check = DeliveryCheck::find("delivery_waits_no_longer_than_the_lease").unwrap();
    assert_eq!(check.run(&without), Ok(DeliveryOutcome::Skipped(Provider::Hangs)));
    prove_delivery(check.id, &without).unwrap();
    prove_delivery("no such check", &without).unwrap_err();
}

//! The small worlds that are explored, and what each of them is about.

use outbound::command::{ConsentChange, InteractionHow, OnConflict, ReceiptStatus, Unfinished};
use outbound::directory::{ConflictScope, ConsentScope, HoursSetup, QuietMode, Setup};

use crate::centre::{Centre, Faults, small};
use crate::deed::Deed::{
    Accept, Begin, Cancel, Close, Conference, Consent, Decline, End, Extend, Fire, FireAt, GoIdle, Grab, HandOver,
    Mend, Park, Pump, Recover, Report, Retry, Route, Say, Send, SignIn, SignOut, Start, StartElsewhere, ToAgent,
    ToQueue, Wake, Workflow, WrapUp, Write, WriteElsewhere, Zone,
};
use crate::deed::{Agent, Deed, RITA, id};

/// A world with a name.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) centre: Centre,
}

const X: &str = "+351910000011";
const Y: &str = "+351910000012";
const NOTHING: Faults = Faults { crashes: 0, unheard: 0, busy: 0, lost_answers: 0, no_such_number: 0 };
const CRASHES: Faults = Faults { crashes: 1, unheard: 1, ..NOTHING };
const CRASH: Faults = Faults { crashes: 1, ..NOTHING };
const UNHEARD: Faults = Faults { unheard: 1, ..NOTHING };
const REFUSE: OnConflict = OnConflict::Refuse;
const REQUEUE: Unfinished = Unfinished::Requeue;

/// All scenarios.
pub(crate) fn all() -> Vec<Scenario> {
    [starting(), sending(), transfers(), at_the_desk(), wishes(), administration()].into_iter().flatten().collect()
}

/// A world under the small set-up.
fn scenario(name: &'static str, before: &[Deed], hands: &[&[Deed]], faults: Faults) -> Scenario {
    Scenario { name, centre: Centre::new(vec![small()], before, hands, faults) }
}

/// A world under a set-up of its own.
fn under(
    change: impl FnOnce(&mut Setup),
    name: &'static str,
    before: &[Deed],
    hands: &[&[Deed]],
    faults: Faults,
) -> Scenario {
    let mut setup = small();
    change(&mut setup);
    Scenario { name, centre: Centre::new(vec![setup], before, hands, faults) }
}

/// A world whose set-up at some time no longer has an agent.
fn without(agent: Agent, name: &'static str, before: &[Deed], hands: &[&[Deed]], faults: Faults) -> Scenario {
    let mut later = small();
    later.version = 2;
    later.agents.retain(|it| it.id != id(agent));
    Scenario { name, centre: Centre::new(vec![small(), later], before, hands, faults) }
}

/// Who may start, and what a customer's message finds.
fn starting() -> Vec<Scenario> {
    vec![
        scenario(
            "two agents start with one customer, who writes at the same time and whose provider repeats itself",
            &[],
            &[&[Start("ana", X, REFUSE)], &[Start("bruno", X, REFUSE)], &[Write(X, 1)], &[Write(X, 1)]],
            CRASHES,
        ),
        scenario(
            "one agent with one slot starts twice while a queue asks for it",
            &[Write(Y, 1)],
            &[
                &[Start("ana", X, REFUSE)],
                &[Start("ana", Y, OnConflict::TakeOver)],
                &[Route("ana"), Accept("ana")],
                &[Fire],
            ],
            CRASHES,
        ),
        scenario(
            "another system's interaction takes the one slot while its agent starts, is offered a task, and signs out",
            &[Write(Y, 1)],
            &[
                &[Begin("ana", InteractionHow::Offered), End("ana")],
                &[Start("ana", X, REFUSE)],
                &[Route("ana"), Accept("ana")],
                &[SignOut("ana", Unfinished::Refuse)],
                &[Fire],
            ],
            UNHEARD,
        ),
        under(
            |setup| setup.organization.conflict_scope = ConflictScope::Address,
            "one address has one conversation, and it is begun from two entry points and by its owner at both",
            &[],
            &[&[Start("ana", X, REFUSE)], &[StartElsewhere("bruno", X)], &[WriteElsewhere(X, 1)], &[Write(X, 2)]],
            CRASHES,
        ),
    ]
}

/// How messages leave, and what is heard of them.
fn sending() -> Vec<Scenario> {
    let (held, sent) = (&[Start("ana", X, REFUSE)], &[Start("ana", X, REFUSE), Send("ana", X)]);
    vec![
        scenario(
            "a message is sent by a pump that dies, to a provider that is busy and is not heard",
            held,
            &[&[Send("ana", X)], &[Pump]],
            Faults { busy: 1, lost_answers: 1, ..CRASHES },
        ),
        scenario(
            "two pumps share a message, one of them dies, and the provider is busy",
            sent,
            &[&[Pump], &[Pump]],
            Faults { busy: 1, ..CRASH },
        ),
        scenario(
            "two messages go out in order while receipts come early, twice and backwards",
            held,
            &[
                &[Send("ana", X), Send("ana", X)],
                &[Pump],
                &[Report(ReceiptStatus::Delivered), Report(ReceiptStatus::Sent)],
            ],
            Faults { lost_answers: 1, ..NOTHING },
        ),
        under(
            once,
            "a message that was given up is sent again by two who press at once, while its acceptance and receipts come late",
            sent,
            &[&[Pump], &[Retry("ana", X)], &[Retry("ana", X)], &[Report(ReceiptStatus::Delivered)]],
            Faults { lost_answers: 1, ..CRASH },
        ),
        scenario(
            "a message that was taken is reported as failed and sent again, and then reported as delivered",
            sent,
            &[
                &[Pump],
                &[Report(ReceiptStatus::Failed), Report(ReceiptStatus::Delivered)],
                &[Retry("ana", X), Close("ana", X)],
            ],
            CRASH,
        ),
        scenario(
            "a conversation is closed while a message waits and the customer writes",
            held,
            &[&[Send("ana", X), Close("ana", X)], &[Write(X, 1)], &[Pump], &[Fire]],
            Faults { busy: 1, ..NOTHING },
        ),
    ]
}

/// How tasks change hands.
fn transfers() -> Vec<Scenario> {
    let held = &[Start("ana", X, REFUSE)];
    vec![
        scenario(
            "a transfer is accepted, declined and timed out at once",
            held,
            &[&[ToAgent("ana", X, "bruno"), Close("ana", X)], &[Accept("bruno")], &[Decline("bruno")], &[Fire]],
            CRASHES,
        ),
        scenario(
            "a transfer's target signs out, or is given something else, and its deadline is fired early",
            held,
            &[
                &[ToAgent("ana", X, "bruno")],
                &[SignOut("bruno", REQUEUE)],
                &[Start("bruno", Y, REFUSE)],
                &[FireAt(X)],
                &[Fire],
            ],
            CRASHES,
        ),
        scenario(
            "a transfer is taken back, accepted, and followed by a message, a workflow and the wish for a conference",
            held,
            &[
                &[ToAgent("ana", X, "bruno"), Cancel("ana", X)],
                &[Accept("bruno"), Conference("bruno", X)],
                &[Workflow("ana", X), Send("ana", X)],
                &[Fire],
                &[Pump],
            ],
            NOTHING,
        ),
        scenario(
            "the sender of a transfer signs out while the target accepts",
            held,
            &[&[ToAgent("ana", X, "bruno")], &[SignOut("ana", REQUEUE)], &[Accept("bruno")], &[Fire]],
            CRASHES,
        ),
        scenario(
            "a transfer to a queue is routed, accepted and wrapped up",
            held,
            &[&[ToQueue("ana", X), WrapUp("ana", X)], &[Route("bruno"), Accept("bruno")], &[Fire]],
            CRASHES,
        ),
        scenario(
            "a transfer to a queue is routed while the customer writes",
            held,
            &[&[ToQueue("ana", X)], &[Route("bruno"), Accept("bruno")], &[Write(X, 1)], &[Fire]],
            NOTHING,
        ),
        scenario(
            "the holder is asked to hand over, closes, and lets the request lapse",
            held,
            &[
                &[Start("bruno", X, OnConflict::AskHolder)],
                &[HandOver("ana", true)],
                &[Close("ana", X), WrapUp("ana", X)],
                &[Fire],
            ],
            CRASHES,
        ),
        under(
            |setup| setup.profiles[0].limits.social = parsed(r#"{ "slots": 2 }"#),
            "an agent of two tasks transfers both at once",
            &[SignIn("carla"), Start("ana", X, REFUSE), Start("ana", Y, REFUSE)],
            &[&[ToAgent("ana", X, "bruno")], &[ToAgent("ana", Y, "carla")], &[Accept("bruno")], &[Fire]],
            UNHEARD,
        ),
        scenario(
            "three agents want one task: its holder gives it to one, and another asks for it, grabs it and starts something else",
            &[SignIn("carla"), Start("ana", X, REFUSE)],
            &[
                &[ToAgent("ana", X, "bruno"), Cancel("ana", X)],
                &[Start("carla", X, OnConflict::AskHolder), Start("carla", Y, REFUSE), Grab("carla")],
                &[Accept("bruno")],
                &[HandOver("ana", true)],
                &[Fire],
            ],
            NOTHING,
        ),
    ]
}

/// What agents do with a task and with their states.
fn at_the_desk() -> Vec<Scenario> {
    let (held, parked) = (&[Start("ana", X, REFUSE)], &[Start("ana", X, REFUSE), Park("ana", X)]);
    vec![
        scenario(
            "a conversation is parked and wakes by the customer and by the clock, while its agent goes idle",
            held,
            &[&[Park("ana", X), GoIdle("ana")], &[Write(X, 1)], &[Start("bruno", X, OnConflict::TakeOver)], &[Fire]],
            CRASH,
        ),
        scenario(
            "a parked conversation is woken by hand and by the customer while its agent starts another",
            parked,
            &[&[Wake(X)], &[Write(X, 1)], &[Start("ana", Y, REFUSE)], &[Fire]],
            UNHEARD,
        ),
        scenario(
            "a wrap-up is given, extended and lapses while its agent starts with the customer again",
            &[Start("ana", X, REFUSE), Close("ana", X)],
            &[&[WrapUp("ana", X)], &[Extend("ana", X)], &[Start("ana", X, REFUSE)], &[Fire]],
            CRASHES,
        ),
        scenario(
            "an agent who let an offer lapse recovers, while others sign the agent out and in again",
            &[Write(X, 1)],
            &[
                &[Route("ana"), Accept("ana")],
                &[Recover("ana")],
                &[SignOut("ana", Unfinished::Refuse), SignIn("ana")],
                &[Fire],
            ],
            UNHEARD,
        ),
    ]
}

/// What customers wish, and where they are (B5, B6).
fn wishes() -> Vec<Scenario> {
    let [home, work] = RITA;
    vec![
        under(
            confirmed,
            "a STOP races with a send, and with the claim of a message that waits",
            &[Start("ana", X, REFUSE), Send("ana", X)],
            &[&[Send("ana", X)], &[Say(X, 1, "STOP")], &[Pump]],
            UNHEARD,
        ),
        under(
            confirmed,
            "two STOPs come, and a START after one of them, while an agent starts and sends",
            &[],
            &[
                &[Start("ana", X, REFUSE), Send("ana", X)],
                &[Say(X, 1, "STOP")],
                &[Say(X, 2, "STOP"), Say(X, 3, "START")],
                &[Pump],
            ],
            NOTHING,
        ),
        under(
            |setup| setup.organization.consent.scope = ConsentScope::Organization,
            "a customer of two numbers opts out on one and is told to have opted in on the other, which is written to",
            &[Start("ana", home, REFUSE)],
            &[
                &[Send("ana", home)],
                &[Say(work, 1, "STOP")],
                &[Consent(home, ConsentChange::OptIn), Consent(work, ConsentChange::OptOut)],
                &[Pump],
            ],
            NOTHING,
        ),
        under(
            |setup| setup.organization.caps.limits = parsed(r#"[{ "count": 1, "within_seconds": 86400 }]"#),
            "two agents write to the two numbers of one customer, who may be written to once",
            &[Start("ana", home, REFUSE), Start("bruno", work, REFUSE)],
            &[&[Send("ana", home)], &[Send("bruno", work)], &[Write(home, 1)], &[Pump]],
            UNHEARD,
        ),
        scenario(
            "a number turns out not to exist while the next message waits, and the customer writes from it",
            &[Start("ana", X, REFUSE), Send("ana", X), Send("ana", X)],
            &[&[Pump], &[Write(X, 1)], &[Consent(X, ConsentChange::Lift)], &[Retry("ana", X)]],
            Faults { no_such_number: 1, ..NOTHING },
        ),
        under(
            quiet,
            "a recipient turns out to be where it is quiet, after a message was sent and before it is claimed",
            &[Zone(X, "+05:00"), Start("ana", X, REFUSE)],
            &[&[Send("ana", X)], &[Zone(X, "+00:00")], &[Pump]],
            CRASHES,
        ),
        under(
            quiet,
            "a message waits for the end of quiet hours and is sent again when it failed, while its recipient is told to be elsewhere",
            &[Zone(X, "+00:00"), Start("ana", X, REFUSE), Send("ana", X)],
            &[&[Zone(X, "+05:00")], &[Retry("ana", X)], &[Pump]],
            Faults { busy: 1, no_such_number: 1, ..NOTHING },
        ),
    ]
}

/// What becomes of work whose holder the set-up no longer has.
fn administration() -> Vec<Scenario> {
    let held = &[Start("ana", X, REFUSE)];
    vec![
        without(
            "bruno",
            "the target of a transfer leaves the organization and accepts while the task finds a new home",
            held,
            &[&[ToAgent("ana", X, "bruno")], &[Accept("bruno")], &[Mend], &[Fire]],
            CRASHES,
        ),
        without(
            "ana",
            "the sender of a transfer leaves the organization while the target accepts and the task finds a new home",
            held,
            &[&[ToAgent("ana", X, "bruno")], &[Accept("bruno")], &[Mend], &[Fire]],
            CRASHES,
        ),
        without(
            "ana",
            "who is offered a task leaves the organization, and is signed out while the task finds a new home",
            &[Write(X, 1)],
            &[&[Route("ana"), Accept("ana")], &[Route("bruno")], &[Mend], &[SignOut("ana", REQUEUE)], &[Fire]],
            NOTHING,
        ),
    ]
}

/// A message is attempted once.
fn once(setup: &mut Setup) {
    setup.organization.timings.delivery.max_attempts = 1;
}

/// An opt-out is confirmed.
fn confirmed(setup: &mut Setup) {
    setup.organization.consent.confirmation = Some(id("opted_out"));
}

/// It is quiet in the first minute after nine, and messages wait for its end.
fn quiet(setup: &mut Setup) {
    let sms = parsed(r#"{ "windows": [{ "from": "09:00", "to": "09:01" }] }"#);
    setup.organization.quiet_hours = HoursSetup { mode: QuietMode::Defer, sms, ..HoursSetup::default() };
    setup.organization.timings.delivery.expire_after_seconds = 90;
}

fn parsed<T: serde::de::DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).expect("a part of a set-up")
}

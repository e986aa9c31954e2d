//! The small worlds that are explored, and what each of them is about.

use outbound::command::{OnConflict, ReceiptStatus};

use crate::centre::{Centre, Faults};
use crate::deed::Deed::{
    Accept, Close, Decline, Fire, GoIdle, HandOver, Park, Pump, Report, Route, Send, SignOut, Start, ToAgent, ToQueue,
    WrapUp, Write,
};

/// A world with a name.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) centre: Centre,
}

const X: &str = "+351910000011";
const Y: &str = "+351910000012";
const CRASHES: Faults = Faults { crashes: 1, unheard: 1, busy: 0, lost_answers: 0 };
const NOTHING: Faults = Faults { crashes: 0, unheard: 0, busy: 0, lost_answers: 0 };
const EVERYTHING: Faults = Faults { crashes: 1, unheard: 1, busy: 1, lost_answers: 1 };
const REFUSE: OnConflict = OnConflict::Refuse;

/// All scenarios.
pub(crate) fn all() -> Vec<Scenario> {
    let scenario =
        |name, before: &[_], hands: &[&[_]], faults| Scenario { name, centre: Centre::new(before, hands, faults) };
    let held = &[Start("ana", X, REFUSE)];
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
            "a message is sent by a pump that dies, to a provider that is busy and is not heard",
            held,
            &[&[Send("ana", X)], &[Pump]],
            EVERYTHING,
        ),
        scenario(
            "two pumps share a message, and one of them dies",
            &[Start("ana", X, REFUSE), Send("ana", X)],
            &[&[Pump], &[Pump]],
            Faults { crashes: 1, unheard: 0, busy: 0, lost_answers: 0 },
        ),
        scenario(
            "two messages go out in order while receipts come early, twice and backwards",
            held,
            &[
                &[Send("ana", X), Send("ana", X)],
                &[Pump],
                &[Report(ReceiptStatus::Delivered), Report(ReceiptStatus::Sent)],
            ],
            Faults { crashes: 0, unheard: 0, busy: 0, lost_answers: 1 },
        ),
        scenario(
            "a transfer is accepted, declined and timed out at once",
            held,
            &[&[ToAgent("ana", X, "bruno"), Close("ana", X)], &[Accept("bruno")], &[Decline("bruno")], &[Fire]],
            CRASHES,
        ),
        scenario(
            "a transfer's target signs out, or becomes idle, or is given something else",
            held,
            &[&[ToAgent("ana", X, "bruno")], &[SignOut("bruno")], &[Start("bruno", Y, REFUSE)], &[Fire]],
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
        scenario(
            "a conversation is parked and wakes by the customer and by the clock, while its agent goes idle",
            held,
            &[&[Park("ana", X), GoIdle("ana")], &[Write(X, 1)], &[Start("bruno", X, OnConflict::TakeOver)], &[Fire]],
            CRASHES,
        ),
        scenario(
            "a conversation is closed while a message waits and the customer writes",
            held,
            &[&[Send("ana", X), Close("ana", X)], &[Write(X, 1)], &[Pump], &[Fire]],
            Faults { crashes: 0, unheard: 0, busy: 1, lost_answers: 0 },
        ),
    ]
}

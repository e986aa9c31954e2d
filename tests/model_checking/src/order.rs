//! The commands of the small world, and one of them on its way: step by step, so that others come in between.

use chrono::{DateTime, Utc};
use outbound::command::{
    Accept, AnswerHandover, BeginInteraction, CancelTransfer, ClaimDispatch, Close, Conference, Decline,
    EndInteraction, ExtendWrapUp, FireDue, Park, ReceiveMessage, RecordAttempt, RecoverFromRona, Rehome,
    ReportDelivery, RetryMessage, RouteNext, SendMessage, SetConsent, SetState, SetZone, SignIn, SignOut,
    StartOutbound, Transfer, TriggerWorkflow, Wake, WrapUp,
};
use outbound::engine::{Changes, Command, Fault, Loaded, Next, Reads, Run, Terms};
use outbound::model::{CommandId, Dispatch};
use outbound::record::Claimed;

/// What a step of a command came to.
pub(crate) enum Advance {
    /// It needs these.
    Load(Reads),
    /// It wants to change these; a dispatch is to be sent once that is done.
    Commit(Box<Changes>, Option<Box<Dispatch>>),
    /// It is at its end: refused, or nothing is to be done.
    End { refused: bool, dispatch: Option<Box<Dispatch>> },
    /// It has no answer: the records contradict each other, or the caller made a mistake.
    Broken(Fault),
}

/// What commands of the model answer that matters to it.
trait Answers {
    fn dispatch(self) -> Option<Box<Dispatch>>;
}

macro_rules! orders {
    ($($name:ident),* $(,)?) => {
        /// A command of the small world.
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        pub(crate) enum Order {
            $($name($name),)*
        }

        /// The kinds of commands, by name.
        pub(crate) const KINDS: &[&str] = &[$(<$name as Command>::NAME),*];

        impl Order {
            /// Where the command stands once it was given what it asked for so far.
            pub(crate) fn advance(&self, terms: &Terms, at: DateTime<Utc>, id: CommandId, so_far: &[Loaded]) -> Advance {
                match self {
                    $(Self::$name(command) => advance(terms, at, id, command, so_far),)*
                }
            }

            /// The name of its kind.
            pub(crate) const fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => <$name as Command>::NAME,)*
                }
            }
        }

        $(impl From<$name> for Order {
            fn from(command: $name) -> Self {
                Self::$name(command)
            }
        })*
    };
}

orders!(
    StartOutbound,
    ReceiveMessage,
    SendMessage,
    RetryMessage,
    Transfer,
    CancelTransfer,
    Accept,
    Decline,
    AnswerHandover,
    Close,
    WrapUp,
    ExtendWrapUp,
    Park,
    Wake,
    Conference,
    TriggerWorkflow,
    BeginInteraction,
    EndInteraction,
    RouteNext,
    SetState,
    RecoverFromRona,
    SignIn,
    SignOut,
    SetConsent,
    SetZone,
    Rehome,
    FireDue,
    ClaimDispatch,
    RecordAttempt,
    ReportDelivery,
);

impl Answers for Claimed {
    fn dispatch(self) -> Option<Box<Dispatch>> {
        match self {
            Self::Send(dispatch) => Some(dispatch),
            _ => None,
        }
    }
}

macro_rules! no_dispatch {
    ($($answer:ty),*) => {$(
        impl Answers for $answer {
            fn dispatch(self) -> Option<Box<Dispatch>> {
                None
            }
        }
    )*};
}

no_dispatch!(
    outbound::record::Started,
    outbound::record::Received,
    outbound::record::Sent,
    outbound::record::Transferred,
    outbound::record::Answered,
    outbound::record::Done,
    outbound::record::Offered,
    outbound::record::Fired,
    outbound::record::Reported
);

fn advance<C: Command<Output: Answers>>(
    terms: &Terms,
    at: DateTime<Utc>,
    id: CommandId,
    command: &C,
    so_far: &[Loaded],
) -> Advance {
    let mut run = Run::new(terms, at, id, command);
    let mut loaded = so_far.iter();
    loop {
        return match run.step() {
            Next::Load(reads) => match loaded.next() {
                Some(loaded) => {
                    run.supply(loaded.clone());
                    continue;
                }
                None => Advance::Load(reads),
            },
            Next::Commit(changes, output) => Advance::Commit(changes, output.dispatch()),
            Next::Done(output) => Advance::End { refused: false, dispatch: output.dispatch() },
            Next::Refused(_) => Advance::End { refused: true, dispatch: None },
            Next::Fault(fault) => Advance::Broken(fault),
        };
    }
}

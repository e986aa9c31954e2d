//! Rules of the host's own (B17): asked after the library's, refused with the host's own code.

use std::fmt::Debug;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::directory::{Agent, EntryPoint, Queue};
use crate::model::{Address, Content, Conversation, CustomerId, Presence};
use crate::policy::Checks;
use crate::refusal::{Code, Fact, HostCode, Refusal, Retry};

/// What a rule of the host's is asked about.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Ask<'a> {
    /// May this agent start a conversation?
    Start {
        /// The agent.
        agent: &'a Agent,
        /// The agent's state and slots.
        presence: &'a Presence,
        /// The entry point that would speak.
        entry_point: &'a EntryPoint,
        /// The customer's address.
        to: &'a Address,
        /// The customer behind it, or where it was never seen the one whom the command names; none where nobody knows.
        customer: Option<&'a CustomerId>,
    },
    /// May this agent send this message?
    Send {
        /// The agent.
        agent: &'a Agent,
        /// The conversation.
        conversation: &'a Conversation,
        /// What would be sent.
        content: &'a Content,
    },
    /// May this agent transfer this task?
    Transfer {
        /// The agent.
        agent: &'a Agent,
        /// The conversation.
        conversation: &'a Conversation,
        /// To which agent; none for a queue.
        to: Option<&'a Agent>,
        /// To which queue; none for an agent.
        queue: Option<&'a Queue>,
    },
}

/// Why a rule of the host's says no: in the host's language, or in a form of its own that it tells in the reader's when it tells
/// the refusal, by [`Refusal::report_with`], where these two are the facts `says` and `remedy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostReason {
    /// What is wrong: lower case, no full stop.
    pub says: String,
    /// What would make it pass.
    pub remedy: String,
    /// When asking again could succeed.
    pub retry: Retry,
}

/// A rule of the host's own. It must be pure: the same question at the same time gets the same answer.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use chrono::{DateTime, Utc};
/// use outbound::model::{AgentId, CustomerId};
/// use outbound::policy::{Ask, HostReason, HostRule};
/// use outbound::refusal::{HostCode, Retry};
///
/// /// Only a customer's account manager writes to them first.
/// #[derive(Debug)]
/// struct AccountManager {
///     code: HostCode, // parsed once: `"acme.account_manager".parse()?`
///     of: BTreeMap<CustomerId, AgentId>,
/// }
///
/// impl HostRule for AccountManager {
///     fn code(&self) -> HostCode {
///         self.code.clone()
///     }
///
///     fn check(&self, ask: &Ask<'_>, _now: DateTime<Utc>) -> Option<HostReason> {
///         let Ask::Start { agent, customer: Some(customer), .. } = ask else { return None };
///         let manager = self.of.get(customer).filter(|manager| *manager != agent.id())?;
///         let (says, remedy) = (format!("the customer is looked after by {manager}"), format!("ask {manager}"));
///         Some(HostReason { says, remedy, retry: Retry::WithOtherInput })
///     }
/// }
/// ```
pub trait HostRule: Debug + Send + Sync {
    /// The code that it refuses with.
    fn code(&self) -> HostCode;

    /// Why not; none where it has nothing against it.
    fn check(&self, ask: &Ask<'_>, now: DateTime<Utc>) -> Option<HostReason>;
}

/// B17: every rule of the host's is asked, in the order in which they were added.
pub(crate) fn host_rules(checks: &mut Checks, rules: &[Arc<dyn HostRule>], ask: &Ask<'_>, now: DateTime<Utc>) {
    for rule in rules {
        let reason = rule.check(ask, now);
        checks.check(reason.is_none(), || {
            let (says, remedy, retry) = match reason {
                Some(HostReason { says, remedy, retry }) => (says, remedy, retry),
                None => (String::new(), String::new(), Retry::Never),
            };
            let facts = vec![Fact::new("says", says), Fact::new("remedy", remedy)];
            Refusal::new(Code::Host(rule.code()), facts).with_retry(retry)
        });
    }
}

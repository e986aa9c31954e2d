//! What a delivery must do, as checks that any delivery can be put to: the clauses of [`Delivery`].

mod checks;
mod harness;

pub use harness::{DeliveryHarness, Provider};

use super::Finding;
#[cfg(doc)]
use crate::port::Delivery;

/// One check of a delivery.
#[derive(Debug, Clone, Copy)]
pub struct DeliveryCheck {
    /// Its name, which is the name of its test.
    pub id: &'static str,
    /// The clause that it proves, as `send.1`.
    pub clause: &'static str,
    run: fn(&harness::Bench<'_>) -> Result<(), Trouble>,
}

crate::__delivery_checks! { crate::__delivery_catalogue, }

/// Why a check has no good end.
#[derive(Debug)]
enum Trouble {
    Found(Finding),
    /// The harness's provider cannot behave as the check needs it.
    Missing(Provider),
}

impl<F: Into<Finding>> From<F> for Trouble {
    fn from(finding: F) -> Self {
        Self::Found(finding.into())
    }
}

/// What came of a check of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The clause held, wherever it was tried.
    Passed,
    /// The check was not made: the harness has no provider that behaves so.
    Skipped(Provider),
}

impl DeliveryCheck {
    /// The check with a name.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        DELIVERY_CHECKS.iter().find(|check| check.id == id)
    }

    /// Puts a delivery to the check.
    ///
    /// # Errors
    /// [`Finding`] says where the clause does not hold.
    pub fn run(&self, harness: &impl DeliveryHarness) -> Result<DeliveryOutcome, Finding> {
        match (self.run)(&harness::Bench::of(harness)) {
            Ok(()) => Ok(DeliveryOutcome::Passed),
            Err(Trouble::Found(finding)) => Err(finding.of(self.id, self.clause)),
            Err(Trouble::Missing(provider)) => Ok(DeliveryOutcome::Skipped(provider)),
        }
    }
}

/// Puts a delivery to the check with a name, and says so where it is skipped; what each test of
/// [`delivery_conformance!`](crate::testing::delivery_conformance) does.
///
/// # Errors
/// [`Finding`] says where the clause does not hold.
pub fn prove_delivery(id: &str, harness: &impl DeliveryHarness) -> Result<(), Finding> {
    let check = DeliveryCheck::find(id).ok_or_else(|| Finding::new(format!("there is no check `{id}`")))?;
    if let DeliveryOutcome::Skipped(provider) = check.run(harness)? {
        harness.skipped(&format!("skipped: {id}, for want of {}", provider.as_str()));
    }
    Ok(())
}

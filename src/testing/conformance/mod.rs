//! What a store, a delivery and a place for images must do, as checks that any of them can be put to.
//!
//! The clauses are those of the documentation of [`port`](crate::port): the second clause of `Store::load` is called `load.2`.
//! Each check proves one clause; [`STORE_CHECKS`] lists them all, and
//! [`store_conformance!`](crate::testing::store_conformance) makes a `#[test]` of each.

mod bench;
mod block_on;
mod delivery;
mod finding;
mod floor;
mod harness;
mod made;
mod media;
mod store;
mod story;
mod table;

pub use bench::Bench;
pub use block_on::{BlockOn, BlockOnError, Boxed};
pub use delivery::{DELIVERY_CHECKS, DeliveryCheck, DeliveryHarness, DeliveryOutcome, Provider, prove_delivery};
pub use finding::Finding;
pub use harness::{Break, Capability, Job, StoreHarness};
pub use media::{Found, Gallery, MEDIA_CHECKS, MediaCheck, MediaHarness, MediaOutcome, prove_media};

/// One check of a store.
#[derive(Debug, Clone, Copy)]
pub struct Check {
    /// Its name, which is the name of its test.
    pub id: &'static str,
    /// The clause that it proves, as `load.2`.
    pub clause: &'static str,
    /// What it cannot be made without.
    pub needs: &'static [Capability],
    run: fn(&Bench<'_>) -> Result<(), Finding>,
}

crate::__store_checks! { crate::__store_catalogue, }

/// What came of a check of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The clause held, wherever it was tried.
    Passed,
    /// The check was not made, for want of this.
    Skipped(Capability),
}

impl Check {
    /// The check with a name.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        STORE_CHECKS.iter().find(|check| check.id == id)
    }

    /// Puts a store to the check.
    ///
    /// # Errors
    /// [`Finding`] says where the clause does not hold.
    pub fn run(&self, harness: &impl StoreHarness) -> Result<Outcome, Finding> {
        let capabilities = harness.capabilities();
        if let Some(missing) = self.needs.iter().find(|need| !capabilities.contains(need)) {
            return Ok(Outcome::Skipped(*missing));
        }
        (self.run)(&Bench::of(harness)).map_err(|finding| finding.of(self.id, self.clause))?;
        Ok(Outcome::Passed)
    }
}

/// Puts a store to the check with a name, and says so where it is skipped; what each test of
/// [`store_conformance!`](crate::testing::store_conformance) does.
///
/// # Errors
/// [`Finding`] says where the clause does not hold.
pub fn prove(id: &str, harness: &impl StoreHarness) -> Result<(), Finding> {
    let check = Check::find(id).ok_or_else(|| Finding::new(format!("there is no check `{id}`")))?;
    if let Some(why) = harness.unavailable() {
        harness.skipped(&format!("skipped: {id}: {why}"));
        return Ok(());
    }
    if let Outcome::Skipped(missing) = check.run(harness)? {
        harness.skipped(&format!("skipped: {id}, for want of {}", missing.as_str()));
    }
    Ok(())
}

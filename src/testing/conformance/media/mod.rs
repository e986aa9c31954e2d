//! What a place for images must do, as checks that any such place can be put to: the clauses of [`MediaHost`].

mod checks;
mod harness;

pub use harness::{Found, Gallery, MediaHarness};

use super::Finding;
#[cfg(doc)]
use crate::port::MediaHost;

/// One check of a place for images.
#[derive(Debug, Clone, Copy)]
pub struct MediaCheck {
    /// Its name, which is the name of its test.
    pub id: &'static str,
    /// The clause that it proves, as `host.1`.
    pub clause: &'static str,
    run: fn(&harness::Bench<'_>) -> Result<(), Trouble>,
}

crate::__media_checks! { crate::__media_catalogue, }

/// Why a check has no good end.
#[derive(Debug)]
enum Trouble {
    Found(Finding),
    /// The harness has no gallery that behaves as the check needs it.
    Missing(Gallery),
}

impl<F: Into<Finding>> From<F> for Trouble {
    fn from(finding: F) -> Self {
        Self::Found(finding.into())
    }
}

/// What came of a check of a place for images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaOutcome {
    /// The clause held, wherever it was tried.
    Passed,
    /// The check was not made: the harness has no gallery that behaves so.
    Skipped(Gallery),
}

impl MediaCheck {
    /// The check with a name.
    #[must_use]
    pub fn find(id: &str) -> Option<&'static Self> {
        MEDIA_CHECKS.iter().find(|check| check.id == id)
    }

    /// Puts a place for images to the check.
    ///
    /// # Errors
    /// [`Finding`] says where the clause does not hold.
    pub fn run(&self, harness: &impl MediaHarness) -> Result<MediaOutcome, Finding> {
        match (self.run)(&harness::Bench::of(harness)) {
            Ok(()) => Ok(MediaOutcome::Passed),
            Err(Trouble::Found(finding)) => Err(finding.of(self.id, self.clause)),
            Err(Trouble::Missing(gallery)) => Ok(MediaOutcome::Skipped(gallery)),
        }
    }
}

/// Puts a place for images to the check with a name, and says so where it is skipped; what each test of
/// [`media_conformance!`](crate::testing::media_conformance) does.
///
/// # Errors
/// [`Finding`] says where the clause does not hold.
pub fn prove_media(id: &str, harness: &impl MediaHarness) -> Result<(), Finding> {
    let check = MediaCheck::find(id).ok_or_else(|| Finding::new(format!("there is no check `{id}`")))?;
    if let MediaOutcome::Skipped(gallery) = check.run(harness)? {
        harness.skipped(&format!("skipped: {id}, for want of {}", gallery.as_str()));
    }
    Ok(())
}

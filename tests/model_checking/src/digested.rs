//! Values that are compared by their digest, so that states are cheap to hash and to copy.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// The digest of something.
pub(crate) fn digest(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// A value that is shared, and compared by its digest.
pub(crate) struct Digested<T>(Arc<T>, u64);

impl<T: Hash> Digested<T> {
    pub(crate) fn new(value: T) -> Self {
        let digest = digest(&value);
        Self(Arc::new(value), digest)
    }
}

impl<T> Digested<T> {
    /// A value under a digest of what it was made from.
    pub(crate) fn under(digest: u64, value: T) -> Self {
        Self(Arc::new(value), digest)
    }

    pub(crate) const fn digest(&self) -> u64 {
        self.1
    }
}

impl<T> Deref for Digested<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Clone for Digested<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0), self.1)
    }
}

impl<T> std::fmt::Debug for Digested<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:x}", self.1)
    }
}

impl<T> PartialEq for Digested<T> {
    fn eq(&self, other: &Self) -> bool {
        self.1 == other.1
    }
}

impl<T> Eq for Digested<T> {}

impl<T> Hash for Digested<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.1.hash(state);
    }
}

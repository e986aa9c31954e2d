//! How much work is one half of what is counted, and who does it.

/// How often is one half.
pub(crate) const HALF: u32 = 500;

/// Who does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Floor,
    Library,
}

impl Side {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Floor => "floor",
            Self::Library => "library",
        }
    }
}

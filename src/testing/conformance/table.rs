//! The checks of a store, in one table: what the catalogue is made of, and each host's tests.

/// Hands the table to another macro: name, function, clause, needs.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_checks {
    ($then:ident $($given:tt)*) => {
        $crate::$then! { [$($given)*]
            load_answers_every_key: load::answers_every_key, "load.1", [];
            load_answers_many_keys: load::answers_many_keys, "load.1", [];
        }
    };
}

/// Makes the catalogue of the table.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_catalogue {
    ([] $($name:ident: $group:ident::$check:ident, $clause:literal, [$($need:ident)*];)*) => {
        /// Every check of a store.
        pub const STORE_CHECKS: &[Check] = &[$(Check {
            id: stringify!($name),
            clause: $clause,
            needs: &[$(Capability::$need),*],
            run: store::$group::$check,
        }),*];
    };
}

/// Makes a test of every check of the table.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_tests {
    ([$harness:expr] $($name:ident: $group:ident::$check:ident, $clause:literal, [$($need:ident)*];)*) => {$(
        #[test]
        fn $name() -> ::core::result::Result<(), $crate::testing::conformance::Finding> {
            $crate::testing::conformance::prove(::core::stringify!($name), &$harness)
        }
    )*};
}

/// Makes a `#[test]` of every check that a store must pass, in the module where it stands, from an expression that makes a
/// [`StoreHarness`](crate::testing::conformance::StoreHarness). It brings nothing else into that module.
#[doc(hidden)]
#[macro_export]
macro_rules! __store_conformance {
    ($harness:expr $(,)?) => {
        $crate::__store_checks! { __store_tests $harness }
    };
}

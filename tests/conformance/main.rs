//! The suite for stores, put to the library's own store; and put to the test itself by stores that are broken.

mod memory;

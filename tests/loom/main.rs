//! Models of the protocols in `runtime/sync` and `runtime/tasking`, explored by loom over all orders of their steps.
//!
//! `RUSTFLAGS="--cfg loom" cargo test --release --test loom`; without the flag there is nothing here.

#![cfg(loom)]

mod barrier;
mod count;
mod event;
mod handover;
mod idle;
mod job;
mod links;
mod meet;
mod slot;
mod turn;

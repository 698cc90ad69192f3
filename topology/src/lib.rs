//! Machine topology, OpenMP places and thread binding: the part of phalanx that knows the hardware.
//!
//! - [`Topology`] describes the machine — packages, NUMA nodes, last-level caches, cores, hardware
//!   threads — and what of it this process may use: affinity mask, control groups, CPU quota.
//! - [`CpuSet`] is a set of hardware threads; it asks for and sets a thread's binding.
//! - [`PlacesSpec`] reads `OMP_PLACES` and [resolves](PlacesSpec::resolve) it to [`Places`].
//! - [`assign`] tells which thread of a team goes to which place ([`ProcBind`]).
//!
//! Everything after discovery is pure: a topology can come from [this machine](Topology::discover),
//! from a [captured tree](Topology::from_sysfs_at) of another, or (feature `hwloc`) from libhwloc, its
//! XML and its synthetic descriptions.
//!
//! ```
//! use phalanx_topology::{PlacesSpec, ProcBind, Topology, assign};
//!
//! let machine = Topology::discover();
//! println!("{machine}");
//!
//! let spec: PlacesSpec = "cores".parse()?;
//! let places = spec.resolve(&machine)?;
//! let team = assign(ProcBind::Spread, machine.default_threads(), 0..places.list().len(), 0);
//! std::thread::scope(|scope| {
//!     for thread in &team {
//!         let cpus = places.list()[thread.place].cpus();
//!         scope.spawn(move || cpus.bind_current_thread().expect("the process may use its places"));
//!     }
//! });
//! # Ok::<(), phalanx_topology::PlacesError>(())
//! ```
//!
//! # Features
//! `hwloc` adds the constructors that ask libhwloc 2.8 or newer (with its development files and
//! pkg-config at build time). Without it nothing but libc is linked.

mod affinity;
mod assemble;
mod binding;
mod cgroup;
mod cpuset;
mod error;
mod flat;
#[cfg(feature = "hwloc")]
mod hwloc;
mod machine;
mod object;
mod place;
mod place_text;
mod render;
mod resolve;
mod sysfs;
mod tree;

pub use binding::{Assignment, ProcBind, assign};
pub use cpuset::{CpuSet, Iter};
pub use error::{BindError, CpuSetError, PlacesError, ProcBindError, TopologyError};
pub use machine::{Source, Topology};
pub use object::{Cache, Core, NumaNode, Package, Pu};
pub use place::{Place, Places, PlacesSpec};

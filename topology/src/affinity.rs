//! The processors of the calling thread: asking and binding.

use crate::CpuSet;
use crate::error::{BindError, TopologyError};

impl CpuSet {
    /// The processors that the calling thread may run on (hwloc: cpubind).
    ///
    /// On Linux the whole mask, also with more than 1024 processors. Elsewhere what
    /// `core_affinity` knows: the processors of the process.
    ///
    /// # Errors
    /// [`TopologyError::Affinity`] when the system call fails, [`TopologyError::Unsupported`] where
    /// there is none.
    pub fn current_thread() -> Result<Self, TopologyError> {
        os::current()
    }

    /// Binds the calling thread to exactly these processors (OpenMP 6.0, "Controlling OpenMP Thread
    /// Affinity"). The mask is read back: the kernel takes a set in silence of which only a part
    /// may be used, which is an error here.
    ///
    /// Threads started later by this one inherit the binding.
    ///
    /// # Errors
    /// [`BindError`] with the set asked for, why it cannot be had, and what the thread is left
    /// with. Outside Linux only single processors can be asked for.
    pub fn bind_current_thread(&self) -> Result<(), BindError> {
        let fail = |reason: String| {
            Err(BindError {
                asked: self.clone(),
                reason,
                left: os::current().ok(),
            })
        };
        if self.is_empty() {
            return fail("the set is empty".into());
        }
        if let Err(reason) = os::bind(self) {
            return fail(reason);
        }
        match os::verify(self) {
            true => Ok(()),
            false => fail("the operating system gave others".into()),
        }
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod os {
    //! Linux: `sched_getaffinity` and `sched_setaffinity` with masks as long as needed.

    use super::{CpuSet, TopologyError};
    use libc::{c_ulong, cpu_set_t};
    use std::io::{Error, ErrorKind};

    const BITS: usize = c_ulong::BITS as usize;

    /// The first mask asked with: what the C library's own type holds (1024 processors).
    const FIRST: usize = size_of::<cpu_set_t>() / size_of::<c_ulong>();

    pub(super) fn current() -> Result<CpuSet, TopologyError> {
        let mut mask: Vec<c_ulong> = vec![0; FIRST];
        loop {
            match get(&mut mask) {
                Ok(()) => break,
                // The kernel's own mask is longer than ours.
                Err(error)
                    if error.kind() == ErrorKind::InvalidInput
                        && mask.len() * BITS < CpuSet::LIMIT =>
                {
                    mask = vec![0; mask.len() * 2];
                }
                Err(source) => return Err(TopologyError::Affinity { source }),
            }
        }
        let held = |cpu: &usize| mask[cpu / BITS] >> (cpu % BITS) & 1 == 1;
        Ok((0..mask.len() * BITS).filter(held).collect())
    }

    fn get(mask: &mut [c_ulong]) -> Result<(), Error> {
        // SAFETY: the pointer and the length in bytes are those of one exclusively borrowed, zeroed
        // slice, and the call writes no more than that length. The kernel and the C library take the
        // mask as an array of `c_ulong`, so the slice's alignment is enough whatever `cpu_set_t`'s
        // own size. Process 0 is the calling thread.
        let failed = unsafe {
            libc::sched_getaffinity(0, size_of_val(mask), mask.as_mut_ptr().cast::<cpu_set_t>())
        };
        if failed == 0 {
            Ok(())
        } else {
            Err(Error::last_os_error())
        }
    }

    pub(super) fn bind(cpus: &CpuSet) -> Result<(), String> {
        let words = cpus.last().map_or(0, |last| last / BITS + 1).max(FIRST);
        let mut mask: Vec<c_ulong> = vec![0; words];
        for cpu in cpus {
            mask[cpu / BITS] |= 1 << (cpu % BITS);
        }
        // SAFETY: the pointer and the length in bytes are those of one initialised vector that
        // outlives the call, which only reads it; it is read as an array of `c_ulong`.
        let failed = unsafe {
            libc::sched_setaffinity(0, size_of_val(&mask[..]), mask.as_ptr().cast::<cpu_set_t>())
        };
        if failed == 0 {
            Ok(())
        } else {
            Err(Error::last_os_error().to_string())
        }
    }

    /// Whether the thread may now use what was asked for, and nothing else.
    pub(super) fn verify(asked: &CpuSet) -> bool {
        current().is_ok_and(|now| now == *asked)
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
mod os {
    //! Elsewhere: what `core_affinity` can do, one processor at a time.

    use super::{CpuSet, TopologyError};

    pub(super) fn current() -> Result<CpuSet, TopologyError> {
        let ids = core_affinity::get_core_ids();
        let cpus: CpuSet = ids
            .into_iter()
            .flatten()
            .map(|core| core.id)
            .filter(|id| *id < CpuSet::LIMIT)
            .collect();
        if cpus.is_empty() {
            return Err(TopologyError::Unsupported {
                what: "asking for a thread's processors",
            });
        }
        Ok(cpus)
    }

    pub(super) fn bind(cpus: &CpuSet) -> Result<(), String> {
        let (Some(id), 1) = (cpus.first(), cpus.len()) else {
            return Err("unsupported here: a thread can be bound to one processor only".into());
        };
        match core_affinity::set_for_current(core_affinity::CoreId { id }) {
            true => Ok(()),
            false => Err("the operating system refused".into()),
        }
    }

    /// There is no way to ask what became of it.
    pub(super) fn verify(_asked: &CpuSet) -> bool {
        true
    }
}

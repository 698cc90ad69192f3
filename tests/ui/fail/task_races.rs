use phalanx::prelude::*;

#[omp]
fn two() -> i32 {
    let mut i = 0;
    #[taskgroup]
    {
        #[task]
        {
            i = 1;
        }
        #[task]
        {
            i = 2;
        }
    }
    i
}

#[omp]
fn read_by_another() -> i32 {
    let (mut i, mut j) = (0, 0);
    #[taskgroup]
    {
        #[task]
        {
            i += 1;
        }
        #[task]
        {
            j = i;
        }
    }
    j
}

#[omp]
fn every_iteration(a: &mut [usize]) -> usize {
    let mut sum = 0;
    #[taskgroup]
    {
        for i in 0..a.len() {
            #[task]
            {
                a[i] = i;
                sum += i;
            }
        }
    }
    sum
}

#[omp]
fn lost() {
    #[taskgroup]
    {
        let mut n = 0;
        #[task]
        {
            n += 1;
            println!("{n}");
        }
    }
}

#[omp]
fn one_or_the_other(which: bool) -> i32 {
    let mut i = 0;
    #[taskgroup]
    {
        if which {
            #[task]
            {
                i = 1;
            }
        } else {
            #[task]
            {
                i = 2;
            }
        }
    }
    i
}

#[omp]
fn what_rustc_sees() -> usize {
    let mut list = Vec::new();
    #[taskgroup]
    {
        #[task]
        {
            list.push(1);
        }
        #[task]
        {
            list.push(2);
        }
    }
    let mut sum = 0;
    #[taskgroup]
    {
        #[task]
        {
            sum += list.len();
        }
        println!("{sum}");
    }
    sum
}

#[omp]
fn moves_twice() {
    #[taskgroup]
    {
        let label = String::from("x");
        #[task]
        {
            println!("{label}");
        }
        #[task]
        {
            println!("{}", label.len());
        }
        taskwait!();
    }
}

#[omp]
fn after_taskwait(n: u32) -> u32 {
    let (mut i, mut j) = (0, 0);
    #[taskgroup]
    {
        #[task]
        {
            i = after_taskwait(n - 1);
        }
        #[task]
        {
            j = after_taskwait(n - 2);
        }
        taskwait!();
        i * 2
    };
    i + j
}

fn main() {}

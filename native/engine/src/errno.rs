//! Names of error numbers, as errno.h gives them.

macro_rules! names {
    ($($name:ident)*) => {
        /// The name of an error number that writing can meet, or `None`.
        pub fn name(errno: i32) -> Option<&'static str> {
            match errno {
                $(libc::$name => Some(stringify!($name)),)*
                _ => None,
            }
        }
    };
}

names! {
    E2BIG EACCES EADDRINUSE EADDRNOTAVAIL EAGAIN EALREADY EBADF EBADMSG EBUSY ECANCELED ECHILD ECONNABORTED ECONNREFUSED
    ECONNRESET EDEADLK EDESTADDRREQ EDOM EDQUOT EEXIST EFAULT EFBIG EHOSTUNREACH EIDRM EILSEQ EINPROGRESS EINTR EINVAL EIO
    EISCONN EISDIR ELOOP EMFILE EMLINK EMSGSIZE ENAMETOOLONG ENETDOWN ENETUNREACH ENFILE ENOBUFS ENODATA ENODEV ENOENT
    ENOEXEC ENOKEY ENOLCK ENOMEDIUM ENOMEM ENOSPC ENOSYS ENOTBLK ENOTCONN ENOTDIR ENOTEMPTY ENOTRECOVERABLE ENOTSOCK ENOTSUP
    ENOTTY ENXIO EOVERFLOW EPERM EPIPE EPROTO EPROTONOSUPPORT ERANGE EREMOTEIO EROFS ESHUTDOWN ESPIPE ESRCH ESTALE ETIME
    ETIMEDOUT ETXTBSY EUCLEAN EXDEV
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn numbers_have_the_names_of_errno_h() {
        assert_eq!(name(28), Some("ENOSPC"));
        assert_eq!(name(5), Some("EIO"));
        assert_eq!(name(32), Some("EPIPE"));
        assert_eq!(name(122), Some("EDQUOT"));
        assert_eq!(name(4095), None);
        assert_eq!(name(-1), None);
    }
}

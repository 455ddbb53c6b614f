-- What to do about an account's last error, beside what it was.

ALTER TABLE account ADD COLUMN last_error_hint TEXT;

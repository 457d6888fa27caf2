-- How a file was read, so that rows that were refused can be read in again in the same way; which import took the
-- place of this one; and of which import this one brings refused rows back, corrected.
ALTER TABLE batch ADD COLUMN mapping JSON DEFAULT '{}';
ALTER TABLE batch ADD COLUMN replaced_by VARCHAR;
ALTER TABLE batch ADD COLUMN corrects VARCHAR;

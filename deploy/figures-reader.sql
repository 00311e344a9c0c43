-- A role for BI tools: it reads the views of figures and nothing else. Run once as the owner of the database:
--   psql "$PUNTUAL_DATABASE_URL" -v password='…' -f deploy/figures-reader.sql
-- Views read with their owner's rights, so that no table below them need be granted.
create role puntual_reader login password :'password';
revoke all on all tables in schema public from puntual_reader;
grant usage on schema public to puntual_reader;
grant select on figures_message, figures_installment, figures_message_daily, figures_debt, figures_portfolio_daily,
    figures_agent_daily, figures_campaign_daily to puntual_reader;
alter role puntual_reader set default_transaction_read_only = on;
alter role puntual_reader set statement_timeout = '60s';

"""SQL functions with effects, and those known to have none. Data; names in lower case."""

from __future__ import annotations

from guard.model import Kind


def listed(text: str) -> tuple[str, ...]:
    """The words of a table that is written as one text."""
    return tuple(text.split())


EFFECTS: dict[str, tuple[Kind, str]] = {
    **dict.fromkeys(
        listed(
            "pg_read_file pg_read_binary_file load_file readfile lo_import read_csv read_csv_auto read_parquet parquet_scan "
            "read_json read_json_auto read_text read_blob sniff_csv file csv_scan read_ndjson read_ndjson_auto read_ndjson_objects "
            "read_json_objects read_json_objects_auto read_xlsx parquet_metadata parquet_schema parquet_file_metadata parquet_kv_metadata "
            "pg_stat_file st_read st_read_meta"
        ),
        (Kind.FS_READ, "reads a file of the database's host"),
    ),
    **dict.fromkeys(
        ("pg_ls_dir", "pg_ls_logdir", "pg_ls_waldir", "pg_ls_tmpdir", "glob", "fsdir", "lsdir"),
        (Kind.FS_LIST, "lists files of the database's host"),
    ),
    **dict.fromkeys(
        ("lo_export", "writefile", "pg_file_write", "pg_file_rename", "pg_file_sync"),
        (Kind.FS_WRITE, "writes a file of the database's host"),
    ),
    **dict.fromkeys(("pg_file_unlink",), (Kind.FS_DELETE, "deletes a file of the database's host")),
    **dict.fromkeys(
        listed(
            "dblink dblink_exec dblink_connect dblink_connect_u dblink_send_query http_get http_post http_put http_delete http "
            "http_head http_patch net_http_get net_http_post net_http_delete url s3 remote remotesecure openrowset opendatasource "
            "openquery mysql_query postgres_query postgres_scan mysql_scan sqlite_scan iceberg_scan delta_scan mongodb mysql "
            "postgresql hdfs azureblobstorage utl_http_request httpuritype pg_notify lambda_invoke invoke"
        ),
        (Kind.NET_CONNECT, "reaches another host from the database"),
    ),
    **dict.fromkeys(
        listed("sys_exec sys_eval sys_get sys_set xp_cmdshell shell system dbms_scheduler executable edit"),
        (Kind.PROC_EXEC, "starts a program on the database's host"),
    ),
    **dict.fromkeys(
        listed(
            "nextval setval pg_advisory_lock pg_try_advisory_lock pg_advisory_xact_lock pg_advisory_unlock set_config get_lock "
            "release_lock pg_stat_reset pg_reload_conf pg_switch_wal pg_rotate_logfile lo_create lo_put lowrite lo_from_bytea "
            "pg_create_restore_point pg_logical_emit_message refresh_continuous_aggregate last_insert_rowid_set"
        ),
        (Kind.SQL_UPDATE, "changes the database's state"),
    ),
    **dict.fromkeys(
        listed(
            "pg_terminate_backend pg_cancel_backend pg_drop_replication_slot lo_unlink lo_truncate drop_chunks pg_promote "
            "pg_wal_replay_pause dropgeometrytable"
        ),
        (Kind.SQL_DELETE, "ends or removes something of the database"),
    ),
}

OPAQUE = frozenset(
    listed(
        "json_execute_serialized_sql load_extension query_to_xml cursor_to_xml database_to_xml schema_to_xml table_to_xml "
        "query_to_xml_and_xmlschema "
        "ts_stat ts_rewrite dblink_fdw plv8 eval exec execute sp_executesql sp_oacreate sp_configure xp_regwrite xp_dirtree "
        "xp_fileexist dbms_xslprocessor dbms_java dbms_sql extractvalue_url query query_table"
    )
)
"""Functions that run SQL or code that is given as text, or load code."""

HARMLESS = frozenset(
    listed(
        "version now current_user session_user current_database current_schema current_schemas pg_typeof pg_size_pretty "
        "pg_table_size pg_total_relation_size pg_relation_size pg_database_size pg_get_viewdef pg_get_constraintdef "
        "pg_get_indexdef pg_get_functiondef pg_get_expr pg_backend_pid pg_postmaster_start_time has_table_privilege "
        "has_schema_privilege obj_description col_description to_regclass inet_server_addr row_to_json json_build_object "
        "jsonb_build_object json_build_array jsonb_build_array json_agg jsonb_agg json_object_agg jsonb_object_agg json_each "
        "json_each_text jsonb_each jsonb_each_text json_array_elements jsonb_array_elements jsonb_array_elements_text "
        "json_array_length jsonb_array_length jsonb_set jsonb_pretty json_typeof jsonb_typeof to_json to_jsonb "
        "json_populate_record jsonb_path_query json_valid json_group_array json_group_object json_tree json_remove json_set "
        "json_insert json_patch json_quote json_type date_part age to_char to_date to_number to_timestamp make_date "
        "make_interval make_timestamp clock_timestamp statement_timestamp transaction_timestamp timeofday isfinite justify_days "
        "justify_hours generate_series generate_subscripts unnest array_append array_prepend array_remove array_replace "
        "array_position array_to_string string_to_array cardinality array_length array_upper array_lower array_dims "
        "regexp_match regexp_matches regexp_split_to_array regexp_split_to_table regexp_count regexp_instr regexp_substr "
        "regexp_like translate lpad rpad ltrim rtrim btrim overlay quote_ident quote_literal quote_nullable format md5 sha1 "
        "sha2 sha256 sha512 digest crypt gen_salt hmac encode decode gen_random_uuid gen_random_bytes uuid_generate_v4 uuid "
        "random randomblob zeroblob hex unhex instr substr printf char unicode soundex difference typeof quote total julianday "
        "unixepoch strftime datetime date time timediff changes total_changes last_insert_rowid sqlite_version sqlite_source_id "
        "likely unlikely likelihood iif ifnull nullif like glob_match highlight snippet bm25 fts5 match rank dense_rank "
        "row_number ntile lag lead first_value last_value nth_value percent_rank cume_dist percentile_cont percentile_disc mode "
        "corr covar_pop covar_samp regr_slope bool_and bool_or every bit_and bit_or string_agg group_concat listagg greatest "
        "least width_bucket trunc cbrt div mod degrees radians pi sind cosd factorial gcd lcm scale min_scale trim_scale to_hex "
        "ascii chr initcap starts_with similarity word_similarity show_trgm levenshtein metaphone to_tsvector to_tsquery "
        "plainto_tsquery phraseto_tsquery websearch_to_tsquery ts_rank ts_rank_cd ts_headline setweight numnode querytree "
        "tsvector_to_array unaccent st_distance st_within st_contains st_intersects st_makepoint st_setsrid st_transform "
        "st_area st_length st_buffer st_asgeojson st_astext st_geomfromtext st_x st_y st_dwithin database schema user "
        "connection_id last_insert_id row_count found_rows inet_aton inet_ntoa inet6_aton date_format str_to_date from_unixtime "
        "unix_timestamp period_add period_diff makedate maketime sec_to_time time_to_sec to_days from_days dayname monthname "
        "week weekday yearweek utc_date utc_time utc_timestamp field find_in_set elt make_set export_set format_bytes lcase "
        "ucase strcmp space reverse insert_string conv oct bin bit_count crc32 compress uncompress json_contains "
        "json_contains_path json_keys json_search json_unquote json_length json_depth json_arrayagg json_objectagg any_value "
        "grouping isnull coalesce charindex patindex len datalength stuff replicate str newid getdate getutcdate sysdatetime "
        "sysutcdatetime dateadd datediff datename datepart eomonth datefromparts isdate isnumeric object_id object_name db_name "
        "db_id schema_name suser_name suser_sname system_user host_name app_name serverproperty scope_identity ident_current "
        "checksum binary_checksum hashbytes string_split openjson json_value json_query isjson choose try_cast try_convert "
        "parsename formatmessage col_length columnproperty objectproperty arraymap arrayfilter tolower toupper todate "
        "todatetime tostring toint32 touint32 tofloat64 formatdatetime tostartofday uniq uniqexact quantile argmax argmin "
        "grouparray countif sumif avgif list_value list_contains struct_pack epoch epoch_ms date_bin time_bucket histogram "
        "approx_count_distinct pg_sleep sleep benchmark pg_sleep_for pg_sleep_until waitfor nvl nvl2 decode_oracle sys_guid "
        "rownum systimestamp to_clob dbms_random table pg_is_in_recovery pg_current_wal_lsn pg_wal_lsn_diff "
        "pg_last_wal_replay_lsn txid_current currval lastval pg_blocking_pids pg_stat_get_activity current_setting pg_stat_statements "
        "pg_options_to_table quantile_cont quantile_disc median mad skewness kurtosis entropy hashtext pragma_table_info "
        "pragma_table_xinfo pragma_index_list pragma_index_info pragma_foreign_key_list "
        "pragma_database_list pragma_function_list pragma_compile_options range list_transform list_filter list_aggregate list_reduce "
        "list_sort list_reverse_sort list_distinct list_unique list_concat list_has_any list_has_all list_position list_slice list_zip "
        "list_count list_sum list_avg list_min list_max list_first list_last flatten map map_keys map_values map_entries map_extract "
        "element_at map_from_entries struct_insert parse_path parse_filename parse_dirname strptime try_strptime regexp_full_match "
        "regexp_extract_all string_split_regex prefix suffix contains strip_accents damerau_levenshtein jaccard jaro_similarity "
        "jaro_winkler_similarity hamming bar epoch_us epoch_ns approx_quantile reservoir_quantile favg fsum product arg_max arg_min "
        "max_by min_by duckdb_tables duckdb_columns duckdb_types duckdb_functions duckdb_views duckdb_schemas duckdb_constraints "
        "duckdb_indexes pragma_version pragma_show date_add date_sub date_diff date_trunc date_from_parts date_from_unix_date "
        "date_name time_diff time_trunc time_format time_slice timediff to_base64 to_seconds to_regtype to_regproc to_regnamespace "
        "to_array to_object to_variant to_binary to_boolean to_decimal to_double to_time to_unixtime to_iso8601 to_utc_timestamp "
        "to_years to_months to_weeks to_hours to_minutes to_milliseconds to_microseconds to_json_string to_unixtimestamp "
        "to_varchar to_timestamp_ntz to_ascii to_unix_timestamp to_csv is_valid_json is_array is_object is_null_value is_nan "
        "is_inf is_finite is_infinite is_member is_srvrolemember pg_is_other_temp_schema pg_is_wal_replay_paused "
        "has_column_privilege has_database_privilege has_function_privilege has_sequence_privilege has_any_column_privilege "
        "has_type_privilege has_server_privilege has_tablespace_privilege has_language_privilege "
        "has_foreign_data_wrapper_privilege has_dbaccess"
    )
)
"""Functions that compute, or only look at the database."""

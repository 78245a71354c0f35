-- MySQL dump 10.13  Distrib 5.7.44, for Linux (x86_64)
/*!40101 SET NAMES utf8mb4 */;

DROP TABLE IF EXISTS `forum_links`;
CREATE TABLE `forum_links` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `postmortem_id` bigint(20) NOT NULL,
  `forum_link` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `comment` text,
  `deleted` tinyint(1) NOT NULL DEFAULT '0',
  PRIMARY KEY (`id`),
  KEY `postmortem_id` (`postmortem_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `forum_links` VALUES (1,12,'https://forum.example.com/t/7','Where sellers asked',0),(2,12,'https://forum.example.com/t/8','Taken away again',1);
INSERT INTO `images` (`id`, `postmortem_id`, `image_link`, `deleted`) VALUES (1,12,'https://graphs.example.com/pool.png',0);
INSERT INTO `irc` (`id`, `postmortem_id`, `channel`, `deleted`) VALUES (1,12,'#warroom',0);
INSERT INTO `jira` (`id`, `postmortem_id`, `ticket`, `deleted`) VALUES (1,12,'OPS-7',0),(2,12,'OPS-8',0);
INSERT INTO `slack` (`id`, `postmortem_id`, `channel_id`, `channel_name`, `message`, `deleted`) VALUES (1,13,'C01','incident-mail',_binary '{\"text\": \"I restart the worker\"}',0);
INSERT INTO `tags` (`id`, `title`, `deleted`) VALUES (1,'pool',0),(2,'database',0),(3,'old word',1);
INSERT INTO `postmortem_referenced_tags` (`postmortem_id`, `tag_id`, `deleted`) VALUES (12,1,0),(12,2,0),(12,3,0),(13,1,1);
INSERT INTO `postmortem_history` (`id`, `postmortem_id`, `auth_username`, `action`, `summary`, `why_surprised`, `create_date`) VALUES (1,12,'ann','add','An older summary',NULL,1577230000);

DROP TABLE IF EXISTS `postmortems`;
CREATE TABLE `postmortems` (
  `id` bigint(20) NOT NULL AUTO_INCREMENT,
  `title` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  `summary` longtext NOT NULL,
  `why_surprised` longtext NOT NULL,
  `tldr` longtext NOT NULL,
  `meeting_notes_link` varchar(255) NOT NULL DEFAULT '',
  `starttime` int(11) unsigned NOT NULL,
  `endtime` int(11) unsigned NOT NULL,
  `statustime` int(11) unsigned NOT NULL,
  `detecttime` int(11) unsigned NOT NULL,
  `severity` int(1) unsigned NOT NULL,
  `gcal` longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin,
  `contact` varchar(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT '',
  `facilitator` varchar(255) NOT NULL DEFAULT '',
  `facilitator_email` varchar(255) NOT NULL DEFAULT '',
  `subsystem` varchar(50) NOT NULL DEFAULT '',
  `owner_team` varchar(50) NOT NULL DEFAULT '',
  `problem_type` varchar(50) NOT NULL DEFAULT '',
  `impact_type` varchar(50) NOT NULL DEFAULT '',
  `incident_cause` varchar(50) NOT NULL DEFAULT '',
  `deleted` tinyint(1) NOT NULL DEFAULT '0',
  `created` int(11) unsigned NOT NULL,
  `modified` int(11) unsigned NOT NULL DEFAULT '0',
  `modifier` varchar(255) NOT NULL DEFAULT '',
  `mood` varchar(20) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `postmortems` WRITE;
INSERT INTO `postmortems` VALUES (12,'Orders time out','Every order waited; it couldn\'t go on.\r\n\r\n## Impact\r\n\r\nEvery tenth order was lost.\r\n\r\n## Poem\r\n\r\nThere was a \"pool\" that was small.','Nobody knew of the pool.','The pool was full.','https://notes.example.com/3',1577223000,1577229000,1577223900,1577223240,2,'Tuesday at ten','Ann Example','Ben Example','ben@example.com','checkout','Payments','Capacity','Sellers','Config change',0,1577300000,1577400000,'cy','grim'),
(13,'Mail is late','','','','',1580641200,0,0,0,5,NULL,NULL,'','','','','','','',0,1580700000,0,'',NULL),
(14,'A try','','','','',0,0,0,0,3,NULL,'','','','','','','','',1,1580700000,0,'',NULL);
UNLOCK TABLES;
-- Dump completed on 2026-11-01 10:00:00
